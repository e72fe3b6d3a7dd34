// What the test shop holds: an appliances shop with invented brands, invented people and numbers
// nobody answers. Everything is a pure function of the language and the number of orders.

const KINDS = [
  { code: 'WM', tax: 20, uk: 'Пральна машина', ru: 'Стиральная машина', pl: 'Pralka', en: 'Washing machine', from: 13_499, spread: 900 },
  { code: 'RF', tax: 20, uk: 'Холодильник', ru: 'Холодильник', pl: 'Lodówka', en: 'Fridge', from: 17_999, spread: 1_500 },
  { code: 'DW', tax: 20, uk: 'Посудомийна машина', ru: 'Посудомоечная машина', pl: 'Zmywarka', en: 'Dishwasher', from: 14_799, spread: 800 },
  { code: 'OV', tax: 20, uk: 'Духова шафа', ru: 'Духовой шкаф', pl: 'Piekarnik', en: 'Oven', from: 11_999, spread: 700 },
  { code: 'MW', tax: 20, uk: 'Мікрохвильова піч', ru: 'Микроволновая печь', pl: 'Kuchenka mikrofalowa', en: 'Microwave', from: 3_299, spread: 350 },
  { code: 'VC', tax: 20, uk: 'Пилосос', ru: 'Пылесос', pl: 'Odkurzacz', en: 'Vacuum cleaner', from: 4_199, spread: 600 },
  { code: 'KT', tax: 20, uk: 'Електрочайник', ru: 'Электрочайник', pl: 'Czajnik elektryczny', en: 'Kettle', from: 899, spread: 110 },
  { code: 'CM', tax: 20, uk: 'Кавомашина', ru: 'Кофемашина', pl: 'Ekspres do kawy', en: 'Coffee machine', from: 12_499, spread: 1_100 },
  { code: 'IR', tax: 20, uk: 'Праска', ru: 'Утюг', pl: 'Żelazko', en: 'Iron', from: 1_299, spread: 140 },
  { code: 'BL', tax: 20, uk: 'Блендер', ru: 'Блендер', pl: 'Blender', en: 'Blender', from: 1_749, spread: 190 },
  { code: 'HD', tax: 20, uk: 'Витяжка', ru: 'Вытяжка', pl: 'Okap kuchenny', en: 'Cooker hood', from: 4_999, spread: 450 },
  { code: 'FL', tax: 20, uk: 'Фільтр до пилососа', ru: 'Фильтр для пылесоса', pl: 'Filtr do odkurzacza', en: 'Vacuum filter', from: 249, spread: 35 },
];

// Brands that do not exist.
const BRANDS = ['Zoryan', 'Vereska', 'Lumak', 'Borvik', 'Torvald', 'Mavira'];

/** Products: 12 kinds x 6 brands; the price is what the customer pays, VAT included. */
export function products(language) {
  return KINDS.flatMap((kind, row) =>
    BRANDS.map((brand, column) => {
      const model = `${kind.code}-${(row + 3) * 100 + column * 15 + 5}`;
      return {
        sku: `${brand.slice(0, 2).toUpperCase()}-${model}`,
        name: `${kind[language] ?? kind.en} ${brand} ${model}`,
        slug: `${brand}-${model}`.toLowerCase(),
        price: kind.from + column * kind.spread,
        stock: 400 + ((row * 7 + column * 11) % 90),
      };
    }),
  );
}

/** The import format of Vendure, one variant a product. */
export function productsCsv(language) {
  const head = [
    'name', 'slug', 'description', 'assets', 'facets', 'optionGroups', 'optionValues', 'sku', 'price',
    'taxCategory', 'stockOnHand', 'trackInventory', 'variantAssets', 'variantFacets',
  ];
  const rows = products(language).map((product) => [
    product.name, product.slug, '', '', '', '', '', product.sku, String(product.price), TAX_CATEGORY,
    String(product.stock), 'true', '', '',
  ]);
  return [head, ...rows].map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\n');
}

const TAX_CATEGORY = 'standard';

const WORDS = {
  uk: { courier: 'Нова Пошта, кур’єр', branch: 'Нова Пошта, відділення', cash: 'Оплата при отриманні', card: 'Оплата карткою', country: 'Україна', street: 'вул.', office: 'Відділення №' },
  ru: { courier: 'Новая Почта, курьер', branch: 'Новая Почта, отделение', cash: 'Оплата при получении', card: 'Оплата картой', country: 'Украина', street: 'ул.', office: 'Отделение №' },
  pl: { courier: 'Nova Post, kurier', branch: 'Nova Post, punkt', cash: 'Płatność przy odbiorze', card: 'Płatność kartą', country: 'Ukraina', street: 'ul.', office: 'Punkt nr ' },
  en: { courier: 'Nova Poshta, courier', branch: 'Nova Poshta, branch', cash: 'Cash on delivery', card: 'Card', country: 'Ukraine', street: 'Street', office: 'Branch No. ' },
};

/** The words of one language. */
export function words(language) {
  return WORDS[language] ?? WORDS.en;
}

/** Countries, zones and taxes; methods have codes and are made apart, since their names are not Latin. */
export function initialData(language) {
  return {
    defaultLanguage: language,
    defaultZone: 'Ukraine',
    countries: [{ name: words(language).country, code: 'UA', zone: 'Ukraine' }],
    taxRates: [{ name: TAX_CATEGORY, percentage: 20 }],
    shippingMethods: [],
    paymentMethods: [],
    collections: [],
  };
}

// Invented people; 067 000 and 050 000 are not given to subscribers.
const PEOPLE = {
  uk: [
    ['Оксана', 'Вербицька'], ['Тарас', 'Журавель'], ['Марія', 'Соловейко'], ['Андрій', 'Кобзаренко'],
    ['Ірина', 'Лісова'], ['Богдан', 'Сагайдак'], ['Наталя', 'Горобець'], ['Остап', 'Дударик'],
    ['Людмила', 'Ясенова'], ['Роман', 'Чумаченко'], ['Софія', 'Барвінок'], ['Юрій', 'Степовий'],
  ],
  ru: [
    ['Оксана', 'Вербицкая'], ['Тарас', 'Журавель'], ['Мария', 'Соловейко'], ['Андрей', 'Кобзаренко'],
    ['Ирина', 'Лесовая'], ['Богдан', 'Сагайдак'], ['Наталья', 'Горобец'], ['Остап', 'Дударик'],
    ['Людмила', 'Ясеневая'], ['Роман', 'Чумаченко'], ['София', 'Барвинок'], ['Юрий', 'Степной'],
  ],
  pl: [
    ['Oksana', 'Wierzbicka'], ['Taras', 'Żurawel'], ['Maria', 'Słowik'], ['Andrzej', 'Kobza'],
    ['Irena', 'Leśna'], ['Bogdan', 'Sahajdak'], ['Natalia', 'Wróbel'], ['Ostap', 'Dudarek'],
    ['Ludmiła', 'Jasionowa'], ['Roman', 'Czumak'], ['Zofia', 'Barwinek'], ['Jerzy', 'Stepowy'],
  ],
  en: [
    ['Oksana', 'Verbytska'], ['Taras', 'Zhuravel'], ['Mariia', 'Soloveiko'], ['Andrii', 'Kobzarenko'],
    ['Iryna', 'Lisova'], ['Bohdan', 'Sahaidak'], ['Natalia', 'Horobets'], ['Ostap', 'Dudaryk'],
    ['Liudmyla', 'Yasenova'], ['Roman', 'Chumachenko'], ['Sofiia', 'Barvinok'], ['Yurii', 'Stepovyi'],
  ],
};

const STREETS = {
  uk: ['Садова', 'Липова', 'Шевченка', 'Лесі Українки', 'Франка'],
  ru: ['Садовая', 'Липовая', 'Шевченко', 'Леси Украинки', 'Франко'],
  pl: ['Ogrodowa', 'Lipowa', 'Szewczenki', 'Łesi Ukrainki', 'Franki'],
  en: ['Sadova', 'Lypova', 'Shevchenka', 'Lesi Ukrainky', 'Franka'],
};
const CITIES = {
  uk: [['Київ', '01001'], ['Львів', '79000'], ['Одеса', '65000'], ['Харків', '61000'], ['Дніпро', '49000']],
  ru: [['Киев', '01001'], ['Львов', '79000'], ['Одесса', '65000'], ['Харьков', '61000'], ['Днепр', '49000']],
  pl: [['Kijów', '01001'], ['Lwów', '79000'], ['Odessa', '65000'], ['Charków', '61000'], ['Dniepr', '49000']],
  en: [['Kyiv', '01001'], ['Lviv', '79000'], ['Odesa', '65000'], ['Kharkiv', '61000'], ['Dnipro', '49000']],
};

/** Order number `index` from 0, newest last: who, where to, what. */
export function order(language, index) {
  const said = words(language);
  const people = PEOPLE[language] ?? PEOPLE.en;
  const [firstName, lastName] = people[index % people.length];
  const cities = CITIES[language] ?? CITIES.en;
  const [city, postalCode] = cities[index % cities.length];
  const streets = STREETS[language] ?? STREETS.en;
  const toBranch = index % 3 === 0;
  const round = Math.floor(index / people.length);
  const phoneNumber = `${index % 2 === 0 ? '+38067000' : '+38050000'}${String(1000 + index).slice(-4)}`;
  return {
    customer: {
      firstName,
      lastName: round === 0 ? lastName : `${lastName} ${round + 1}`,
      emailAddress: `customer${index + 1}@example.com`,
      phoneNumber,
    },
    address: {
      fullName: `${firstName} ${lastName}`,
      streetLine1: toBranch
        ? `${said.office}${(index % 40) + 1}`
        : `${said.street} ${streets[index % streets.length]}, ${(index % 60) + 1}`,
      city,
      postalCode,
      countryCode: 'UA',
      phoneNumber,
    },
    shipping: toBranch ? 'nova-poshta-branch' : 'nova-poshta-courier',
    payment: index % 4 === 3 ? 'card' : 'cash-on-delivery',
    // Positions in `products`: one dear thing and, in most orders, small ones to it.
    items: [
      { product: (index * 7) % 66, quantity: 1 },
      ...(index % 3 === 2 ? [] : [{ product: 66 + (index % 6), quantity: 2 + (index % 2) }]),
    ],
  };
}
