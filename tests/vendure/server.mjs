// Starts a real Vendure shop on the loopback.
//
//   node server.mjs [--port N] [--data DIR|memory] [--orders N] [--language uk|ru|pl|en]
//                   [--bare] [--closed] [--with-stdin] [--verbose]
//
// --bare leaves out the order fields that client shops agree to declare, --closed forbids
// introspection, as shops in production do.
//
// Prints one line of JSON when it answers, and nothing else on standard output:
//   {"ready":true,"port":40123,"admin":"http://127.0.0.1:40123/admin-api"}
//
// A directory keeps the shop between two starts; what was acknowledged before SIGTERM, SIGINT or
// the end of standard input (--with-stdin) is there again. The seeded shop is kept in
// node_modules/.cache, by the hash of these files and the lock file, since seeding takes a while.

import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const DATABASE = 'vendure.sqlite';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    data: { type: 'string', default: 'memory' },
    orders: { type: 'string', default: '12' },
    language: { type: 'string', default: 'uk' },
    bare: { type: 'boolean', default: false },
    closed: { type: 'boolean', default: false },
    'with-stdin': { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});
const language = options.language;
const orders = Number(options.orders);
if (!['uk', 'ru', 'pl', 'en'].includes(language)) throw new Error(`no such language: ${language}`);
if (!Number.isInteger(orders) || orders < 0) throw new Error(`not a number of orders: ${options.orders}`);

// Libraries greet and warn on standard output; only the ready line belongs there.
const say = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);
process.env.VENDURE_DISABLE_TELEMETRY = 'true';

const port = Number(options.port);
const kept = options.data === 'memory' ? undefined : join(options.data, DATABASE);
const known = (kept && (await readOr(kept))) || undefined;
const cached = known ? undefined : await readOr(await cachePath());

const { TransactionalConnection, bootstrap } = await import('@vendure/core');
const { config } = await import('./config.mjs');
const settings = {
  port,
  languageCode: language,
  bare: options.bare,
  closed: options.closed,
  verbose: options.verbose,
};

if (!known && !cached) {
  const app = await bootstrap(config({ ...settings, fresh: true }));
  const { populateShop } = await import('./populate.mjs');
  await populateShop(app, { language, orders });
  const seeded = databaseOf(app).export();
  await keep(await cachePath(), seeded);
  await start(seeded, app);
} else {
  await start(known ?? cached);
}

async function start(database, populated) {
  const app = populated ?? (await bootstrap(config({ ...settings, database })));
  const sqlite = databaseOf(app);
  // sql.js forgets the pragma when it exports.
  sqlite.exec('PRAGMA foreign_keys = ON');
  if (!known) placeOrdersLately(sqlite);
  if (kept) await keep(kept, exported(sqlite));
  stopWhenAsked(app, sqlite);
  const { port: bound } = app.getHttpServer().address();
  say(`${JSON.stringify({ ready: true, port: bound, admin: `http://127.0.0.1:${bound}/admin-api` })}\n`);
}

function exported(sqlite) {
  const bytes = sqlite.export();
  sqlite.exec('PRAGMA foreign_keys = ON');
  return bytes;
}

// The cached orders are as old as the cache; waiting orders are from the last hours.
function placeOrdersLately(sqlite) {
  const ago = (more) => `'-' || (((SELECT max(id) FROM "order") - id) * 11 + ${more}) || ' minutes'`;
  sqlite.exec(`
    UPDATE "order" SET
      orderPlacedAt = strftime('%Y-%m-%d %H:%M:%S.000', 'now', ${ago(3)}),
      createdAt = strftime('%Y-%m-%d %H:%M:%S', 'now', ${ago(8)}),
      updatedAt = strftime('%Y-%m-%d %H:%M:%S', 'now', ${ago(3)})
    WHERE orderPlacedAt IS NOT NULL`);
}

function stopWhenAsked(app, sqlite) {
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    // Lets requests under way end, then no more come; a second signal would find the data unsaved.
    const server = app.getHttpServer();
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeIdleConnections();
    });
    if (kept) await keep(kept, sqlite.export());
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
    process.removeAllListeners(signal);
    process.on(signal, stop);
  }
  if (options['with-stdin']) {
    process.stdin.on('end', stop).on('error', stop).resume();
  }
}

function databaseOf(app) {
  return app.get(TransactionalConnection).rawConnection.driver.databaseConnection;
}

async function cachePath() {
  const hash = createHash('sha256');
  for (const file of ['server.mjs', 'config.mjs', 'seed.mjs', 'populate.mjs', 'package-lock.json']) {
    hash.update(await readFile(join(here, file)));
  }
  const shape = options.bare ? '-bare' : '';
  const name = `${hash.digest('hex').slice(0, 16)}-${language}-${orders}${shape}.sqlite`;
  return join(here, 'node_modules', '.cache', 'dzvinok', name);
}

async function readOr(path) {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function keep(path, bytes) {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, bytes);
  await rename(draft, path);
}
