"""Exchange of items: one description of their tables, read and written as national JSON and as Excel.

The door of the package; nothing in it writes to the database.
"""

from yueban.catalogue.exchange.arrivals import Arrived as Arrived
from yueban.catalogue.exchange.arrivals import FileUnreadable as FileUnreadable
from yueban.catalogue.exchange.arrivals import abnormal_rows as abnormal_rows
from yueban.catalogue.exchange.arrivals import build_standard as build_standard
from yueban.catalogue.exchange.arrivals import read_json as read_json
from yueban.catalogue.exchange.arrivals import sort_rows as sort_rows
from yueban.catalogue.exchange.arrivals import with_item as with_item
from yueban.catalogue.exchange.assembly import finish as finish
from yueban.catalogue.exchange.dialect import ExcelDialect as ExcelDialect
from yueban.catalogue.exchange.faults import Fault as Fault
from yueban.catalogue.exchange.fields import Envelope as Envelope
from yueban.catalogue.exchange.fields import Sent as Sent
from yueban.catalogue.exchange.fields import Tables as Tables
from yueban.catalogue.exchange.fields import write_items as write_items
from yueban.catalogue.exchange.lens import put as put
from yueban.catalogue.exchange.lens import take as take
from yueban.catalogue.exchange.profiles import NationalDialect as NationalDialect
from yueban.catalogue.exchange.profiles import find_profile as find_profile
from yueban.catalogue.exchange.profiles import profiles as profiles
from yueban.catalogue.exchange.workbook_in import Book as Book
from yueban.catalogue.exchange.workbook_in import BookRefused as BookRefused
from yueban.catalogue.exchange.workbook_in import mark_faults as mark_faults
from yueban.catalogue.exchange.workbook_in import open_book as open_book
from yueban.catalogue.exchange.workbook_in import place_of as place_of
from yueban.catalogue.exchange.workbook_in import read_book as read_book
from yueban.catalogue.exchange.workbook_out import write_book as write_book
