"""Small files with tables, as a teacher would upload them."""

import io

import openpyxl


def csv_file(name, *lines, encoding="utf-8"):
    return name, "\n".join(lines).encode(encoding)


def xlsx_file(name, sheets, merged=()):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for cells in merged:
            sheet.merge_cells(cells)
    content = io.BytesIO()
    book.save(content)
    return name, content.getvalue()
