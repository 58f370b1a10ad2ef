# The page for queries in SQL.
sql-title = Query with SQL
sql-title-of = Query with SQL: { $query }
sql-lead = Ask your own questions of the published tables. A query reads nothing but what is published, so the answer may be used and shared freely.
sql-query = Query
sql-run = Run
sql-refused = The query was not run.
sql-result = Answer
sql-rows = { $count ->
    [0] No rows.
    [one] One row.
   *[other] { $number } rows.
  }
sql-first-rows = The first { $shown } of { $all } rows are shown. The files have all of them.
sql-call = The same query to the API:
sql-true = true
sql-false = false
sql-examples = Examples
sql-examples-lead = Each example can be run and changed.
sql-run-example = Run the example
sql-tables = Tables and views
sql-tables-lead = All are in the schema published. Each name leads to a description of its columns.
sql-functions = Functions
sql-functions-lead = These functions can be used, and no others. A whole number divided by a whole number gives a whole number: write 1.0 * a / b.
sql-over-row = For each row
sql-over-group = For a group of rows
sql-over-window = For a window of rows, with over
sql-elsewhere = Longer queries, and from other programs
sql-elsewhere-lead = Queries that are too long for an address are sent by POST:
