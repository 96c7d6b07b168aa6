"""First tables."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("agencies", "0001_initial_tables"),
        ("documents", "0001_initial_tables"),
        ("files", "0001_initial_tables"),
        ("parties", "0001_initial_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="CertificateType",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("type_code", models.CharField(max_length=21, unique=True)),
                ("is_type_code_demo", models.BooleanField(default=False)),
                ("issuer_kind", models.CharField(blank=True, default="", max_length=40)),
                ("fields", models.JSONField(default=list)),
                ("validity_amount", models.PositiveSmallIntegerField(null=True)),
                ("validity_unit", models.CharField(blank=True, default="", max_length=4)),
            ],
            options={
                "verbose_name": "证照类型",
                "verbose_name_plural": "证照类型",
                "ordering": ["key"],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("identifier", models.CharField(max_length=160, unique=True)),
                ("number", models.CharField(max_length=20, unique=True)),
                ("division_code", models.CharField(max_length=12)),
                ("data", models.JSONField(default=dict)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("01", "有效"),
                            ("02", "暂扣"),
                            ("03", "撤销"),
                            ("04", "注销"),
                            ("05", "失效"),
                            ("06", "转出"),
                            ("07", "吊销"),
                            ("99", "其他"),
                        ],
                        default="01",
                        max_length=2,
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1)),
                ("source_kind", models.CharField(max_length=32)),
                ("source_number", models.CharField(max_length=64)),
                ("issued_at", models.DateTimeField()),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
                    ),
                ),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificate",
                        to="documents.document",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="parties.party",
                    ),
                ),
                (
                    "type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="certificates.certificatetype",
                    ),
                ),
            ],
            options={
                "verbose_name": "证照",
                "verbose_name_plural": "证照",
            },
        ),
        migrations.CreateModel(
            name="CertificateUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("purpose", models.CharField(max_length=200)),
                ("reference_kind", models.CharField(max_length=32)),
                ("reference_number", models.CharField(max_length=64)),
                ("actor", models.JSONField()),
                ("used_at", models.DateTimeField()),
                (
                    "certificate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="certificates.certificate",
                    ),
                ),
            ],
            options={
                "verbose_name": "用证记录",
                "verbose_name_plural": "用证记录",
            },
        ),
        migrations.CreateModel(
            name="Satisfaction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference_kind", models.CharField(max_length=32)),
                ("reference_number", models.CharField(max_length=64)),
                ("material_key", models.CharField(max_length=80)),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("upload", "申请人提交"),
                            ("cancelled", "依规则取消"),
                            ("certificate", "电子证照"),
                            ("share", "数据共享"),
                            ("check", "部门核验"),
                            ("promise", "告知承诺"),
                            ("reuse", "材料复用"),
                            ("later", "容缺后补"),
                        ],
                        max_length=12,
                    ),
                ),
                ("basis", models.CharField(blank=True, default="", max_length=500)),
                ("purpose", models.CharField(blank=True, default="", max_length=200)),
                ("request", models.CharField(blank=True, default="", max_length=100)),
                ("answer_digest", models.CharField(blank=True, default="", max_length=64)),
                ("satisfied_at", models.DateTimeField()),
                ("superseded_at", models.DateTimeField(null=True)),
                ("actor_user_id", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(max_length=200)),
                (
                    "certificate",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="satisfactions",
                        to="certificates.certificate",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
            ],
            options={
                "verbose_name": "材料满足记录",
                "verbose_name_plural": "材料满足记录",
            },
        ),
        migrations.CreateModel(
            name="CertificateCounter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("division6", models.CharField(max_length=6)),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
                (
                    "type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="certificates.certificatetype",
                    ),
                ),
            ],
            options={
                "verbose_name": "证照编号计数",
                "verbose_name_plural": "证照编号计数",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("division6", "type", "year"), name="one_certificate_counter_per_series"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(fields=["holder", "type", "status"], name="certificate_by_holder"),
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(fields=["agency", "-issued_at"], name="certificate_by_agency"),
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(fields=["division_code"], name="certificate_by_division"),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(
                fields=("source_kind", "source_number", "type"), name="one_certificate_per_source_and_type"
            ),
        ),
        migrations.AddIndex(
            model_name="certificateuse",
            index=models.Index(fields=["certificate", "-used_at"], name="certificate_use_latest"),
        ),
        migrations.AddConstraint(
            model_name="satisfaction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("superseded_at", None)),
                fields=("reference_kind", "reference_number", "material_key"),
                name="one_current_satisfaction_per_material",
            ),
        ),
    ]
