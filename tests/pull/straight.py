"""Pulls all orders of a shop, page by page, and stores what it was told, as JSON: no checks, no
retries, no queue. What `make bench-pull` measures the desk against.

straight.py ADDRESS FILE
"""

import http.client
import json
import sqlite3
import sys
import urllib.parse

FIELDS = (
    "id,number,status,currency,date_created_gmt,date_modified_gmt,total,customer_id,customer_note,"
    "billing,shipping,payment_method,payment_method_title,date_paid_gmt,meta_data,line_items,"
    "shipping_lines,fee_lines"
)


def main(address, path):
    shop = urllib.parse.urlsplit(address)
    connection = http.client.HTTPConnection(shop.hostname, shop.port)
    store = sqlite3.connect(path)
    store.execute("PRAGMA journal_mode = WAL")
    store.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")
    page, pages, count = 1, 1, 0
    while page <= pages:
        query = urllib.parse.urlencode(
            {
                "status": "any",
                "orderby": "date",
                "order": "desc",
                "dates_are_gmt": "true",
                "dp": "6",
                "per_page": "100",
                "page": page,
                "_fields": FIELDS,
            }
        )
        connection.request("GET", "/wp-json/wc/v3/orders?" + query)
        reply = connection.getresponse()
        orders = json.loads(reply.read())
        pages = int(reply.headers["X-WP-TotalPages"])
        with store:
            store.executemany(
                "INSERT OR REPLACE INTO orders VALUES (?, ?)",
                [(order["id"], json.dumps(order)) for order in orders],
            )
        count += len(orders)
        page += 1
    store.close()
    print(count)


if __name__ == "__main__":
    main(*sys.argv[1:])
