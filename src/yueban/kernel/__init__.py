"""The words every part of the house shares; knows neither Django nor a database."""
