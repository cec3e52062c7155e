"""The partners file: teams, coordinators, agencies and contacts, in and out.

`read_partners` checks a text, `plan_import` says what it would do, `import_partners` does it,
`export_partners` writes the file. `schema` is the only description of its form.
"""
