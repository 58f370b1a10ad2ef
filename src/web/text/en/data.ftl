# The page on data.
data-lead = Everything that is published is open data: whole tables to download, and interfaces for programs. None of it gives a single organisation away.
data-interfaces = Interfaces
data-api = The API with all resources, parameters, columns and limits
data-faces = The same figures for clients of Statistics Sweden's database (PxWebApi 2) and Kolada (v3)
data-sql = Queries of your own in SQL, with examples, in the browser or from programs
data-catalog = Description for data portals (DCAT-AP-SE)
data-licence = Terms: free to use; please name the source.
data-bundle = The whole edition as one file (ZIP with Parquet and a description of the columns)
data-tables = Tables
data-caption = Published tables of the current edition
data-table = Table
data-content = Content
data-size = Size
data-files = Files
data-rows = { $count ->
    [one] one row
   *[other] { $number } rows
  }
