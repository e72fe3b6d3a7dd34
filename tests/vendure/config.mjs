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

/** Vendure's configuration for `database`, a Uint8Array or undefined for an empty one. */
export function config({ port, database, languageCode, fresh, verbose }) {
  return {
    apiOptions: {
      port,
      hostname: '127.0.0.1',
      adminApiPath: 'admin-api',
      shopApiPath: 'shop-api',
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
      synchronize: fresh,
      database,
      logging: false,
    },
    customFields: {
      Order: [
        { name: 'confirmedBy', type: 'string', nullable: true },
        { name: 'confirmedAt', type: 'datetime', nullable: true },
        { name: 'callResult', type: 'string', nullable: true },
        { name: 'clientRef', type: 'string', nullable: true },
      ],
    },
    paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
    shippingOptions: {
      shippingCalculators: [defaultShippingCalculator],
      shippingEligibilityCheckers: [defaultShippingEligibilityChecker],
      fulfillmentHandlers: [manualFulfillmentHandler],
    },
    logger: new DefaultLogger({ level: verbose ? LogLevel.Info : LogLevel.Error, timestamp: false }),
    importExportOptions: {},
    plugins: [],
    systemOptions: {},
  };
}
