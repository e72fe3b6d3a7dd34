// The Vendure configuration of the test shop: as a client's shop would declare it, on sql.js so
// that nothing native and no database server is needed.

import {
  DefaultLogger,
  LogLevel,
  NativeAuthenticationStrategy,
  defaultShippingCalculator,
  defaultShippingEligibilityChecker,
  dummyPaymentHandler,
  manualFulfillmentHandler,
} from '@vendure/core';

/** The one who may do everything, as Vendure's own tests name them. */
export const SUPERADMIN = { identifier: 'superadmin', password: 'superadmin' };

/** The one who may look and not touch. */
export const READER = { identifier: 'reader', password: 'reader-of-orders' };

// What a client shop declares, so that a confirmation has a place of its own.
const CONFIRMATION = [
  { name: 'confirmedBy', type: 'string', nullable: true },
  { name: 'confirmedAt', type: 'datetime', nullable: true },
  { name: 'callResult', type: 'string', nullable: true },
  { name: 'clientRef', type: 'string', nullable: true },
];

// sql.js has one connection: a trial that is rolled back would take a neighbour's write with it.
function oneAtATime() {
  let last = Promise.resolve();
  return (_request, response, next) => {
    const before = last;
    last = before.then(
      () =>
        new Promise((resolve) => {
          if (response.destroyed || response.writableFinished) resolve();
          else response.once('close', resolve);
        }),
    );
    before.then(() => next(), next);
  };
}

/** Vendure's configuration for `database`, a Uint8Array or undefined for an empty one. */
export function config({ port, database, languageCode, fresh, bare, closed, verbose }) {
  return {
    apiOptions: {
      port,
      hostname: '127.0.0.1',
      adminApiPath: 'admin-api',
      shopApiPath: 'shop-api',
      introspection: !closed,
      middleware: [{ route: '*path', handler: oneAtATime() }],
      adminApiDebug: false,
      shopApiDebug: false,
    },
    authOptions: {
      tokenMethod: ['bearer'],
      superadminCredentials: SUPERADMIN,
      cookieOptions: { secret: 'a test shop on the loopback has nothing to hide' },
      adminAuthenticationStrategy: [new NativeAuthenticationStrategy()],
    },
    defaultLanguageCode: languageCode,
    dbConnectionOptions: {
      type: 'sqljs',
      synchronize: fresh ?? false,
      database,
      logging: false,
    },
    customFields: { Order: bare ? [] : CONFIRMATION },
    paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
    shippingOptions: {
      shippingCalculators: [defaultShippingCalculator],
      shippingEligibilityCheckers: [defaultShippingEligibilityChecker],
      fulfillmentHandlers: [manualFulfillmentHandler],
    },
    logger: new DefaultLogger({ level: verbose ? LogLevel.Info : LogLevel.Error, timestamp: false }),
    plugins: [],
  };
}
