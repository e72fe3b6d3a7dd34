// Fills an empty shop through Vendure's own services, the way its import and its draft orders do.

import {
  AdministratorService,
  ChannelService,
  CustomerService,
  Importer,
  OrderService,
  PaymentMethodService,
  Populator,
  RequestContextService,
  RoleService,
  ShippingMethodService,
  TransactionalConnection,
  User,
  defaultShippingCalculator,
  defaultShippingEligibilityChecker,
  isGraphQlErrorResult,
  manualFulfillmentHandler,
} from '@vendure/core';
import { lastValueFrom } from 'rxjs';
import { READER, SUPERADMIN } from './config.mjs';
import { initialData, order, products, productsCsv, words } from './seed.mjs';

/** Zone, taxes, methods, people with rights, products, and `orders` placed orders. */
export async function populateShop(app, { language, orders }) {
  const channels = app.get(ChannelService);
  const connection = app.get(TransactionalConnection);
  const superadmin = await connection.rawConnection
    .getRepository(User)
    .findOneOrFail({
      where: { identifier: SUPERADMIN.identifier },
      relations: { roles: { channels: true } },
    });
  const contexts = app.get(RequestContextService);
  const context = async () =>
    contexts.create({
      user: superadmin,
      apiType: 'admin',
      languageCode: language,
      channelOrToken: await channels.getDefaultChannel(),
    });

  await app.get(Populator).populateInitialData(initialData(language));
  const { id } = await channels.getDefaultChannel();
  ok(
    await channels.update(await context(), {
      id,
      defaultLanguageCode: language,
      availableLanguageCodes: [language],
      defaultCurrencyCode: 'UAH',
      availableCurrencyCodes: ['UAH'],
      pricesIncludeTax: true,
      trackInventory: true,
    }),
  );

  const ctx = await context();
  const said = words(language);
  const shipping = {};
  for (const [code, name, price] of [
    ['nova-poshta-branch', said.branch, 9_500],
    ['nova-poshta-courier', said.courier, 14_500],
  ]) {
    const method = await app.get(ShippingMethodService).create(ctx, {
      code,
      fulfillmentHandler: manualFulfillmentHandler.code,
      checker: {
        code: defaultShippingEligibilityChecker.code,
        arguments: [{ name: 'orderMinimum', value: '0' }],
      },
      calculator: {
        code: defaultShippingCalculator.code,
        arguments: [
          { name: 'rate', value: String(price) },
          { name: 'taxRate', value: '20' },
          { name: 'includesTax', value: 'auto' },
        ],
      },
      translations: [{ languageCode: language, name, description: '' }],
    });
    shipping[code] = method.id;
  }
  for (const [code, name, settledAtOnce] of [
    ['cash-on-delivery', said.cash, false],
    ['card', said.card, true],
  ]) {
    await app.get(PaymentMethodService).create(ctx, {
      code,
      enabled: true,
      handler: {
        code: 'dummy-payment-handler',
        arguments: [{ name: 'automaticSettle', value: String(settledAtOnce) }],
      },
      translations: [{ languageCode: language, name, description: '' }],
    });
  }

  const role = await app.get(RoleService).create(ctx, {
    code: 'reader',
    description: 'Reads orders, customers and products',
    permissions: ['ReadCatalog', 'ReadProduct', 'ReadOrder', 'ReadCustomer', 'ReadSettings', 'ReadChannel'],
  });
  await app.get(AdministratorService).create(ctx, {
    firstName: 'Reader',
    lastName: 'Only',
    emailAddress: READER.identifier,
    password: READER.password,
    roleIds: [role.id],
  });

  const imported = await lastValueFrom(app.get(Importer).parseAndImport(productsCsv(language), ctx));
  if (imported.errors?.length) throw new Error(imported.errors.join('\n'));
  const skus = products(language).map((product) => product.sku);
  const variants = new Map(
    (await connection.rawConnection.query('SELECT id, sku FROM product_variant')).map((row) => [row.sku, row.id]),
  );

  for (let index = 0; index < orders; index += 1) {
    const wanted = order(language, index);
    await connection.withTransaction(ctx, async (tx) => {
      await placeOrder(app, tx, wanted, {
        variants: wanted.items.map((item) => ({ id: variants.get(skus[item.product]), quantity: item.quantity })),
        shippingMethod: shipping[wanted.shipping],
      });
    });
  }
}

async function placeOrder(app, tx, wanted, { variants, shippingMethod }) {
  const orders = app.get(OrderService);
  const customer = ok(await app.get(CustomerService).create(tx, wanted.customer));
  await app.get(CustomerService).createAddress(tx, customer.id, { ...wanted.address, defaultShippingAddress: true });
  const draft = await orders.createDraft(tx);
  for (const variant of variants) ok(await orders.addItemToOrder(tx, draft.id, variant.id, variant.quantity));
  await orders.addCustomerToOrder(tx, draft.id, customer);
  await orders.setShippingAddress(tx, draft.id, wanted.address);
  await orders.setBillingAddress(tx, draft.id, wanted.address);
  ok(await orders.setShippingMethod(tx, draft.id, [shippingMethod]));
  ok(await orders.transitionToState(tx, draft.id, 'ArrangingPayment'));
  const placed = ok(await orders.addPaymentToOrder(tx, draft.id, { method: wanted.payment, metadata: {} }));
  if (placed.active) throw new Error(`order ${placed.code} was not placed: ${placed.state}`);
}

function ok(result) {
  if (isGraphQlErrorResult(result)) throw new Error(`${result.__typename}: ${result.message}`);
  return result;
}
