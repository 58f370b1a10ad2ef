# The page on what one edition changed in another.
difference-title = What edition { $later } changed in edition { $earlier }
difference-editions = Edition { $earlier } was published on { $earlier-day } and edition { $later } on { $later-day }.
difference-none = All tables are the same. Nothing has changed.
difference-tables = Changes by table
difference-table = Table
difference-added = New rows
difference-removed = Removed rows
difference-changed = Changed values
difference-values = Values that have changed in rows that are in both editions.
difference-more = The first { $shown } of { $all } are shown.
difference-row = Row
difference-column = Column
difference-before = Before
difference-after = Now
difference-empty = empty
difference-all = All changes as a file:
difference-back = To all editions
