"""From values to verdicts: headers, columns, tables, running text."""
