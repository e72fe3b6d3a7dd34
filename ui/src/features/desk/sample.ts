// Made-up tasks in each language, believable enough for pictures.
import type { CardView, Language, Money, ProductView, QueueRow, Segment, StepView } from "@/lib/ipc";
import { NO_DRAFT, OUTCOMES, REASONS, type World } from "./double";

interface Words {
  shop: string;
  zone: string;
  currency: string;
  /** Price of the cheapest thing, in minor units: the rest follow from it. */
  unit: number;
  names: string[];
  products: string[];
  address: string;
  delivery: string;
  payment: string;
  note: string;
  status: string;
  script: string;
  phone: string;
  greeting: [string, string, string, string];
  greetingAnswers: string[];
  terms: [string, string, string, string, string];
  termsAnswers: string[];
  points: string[];
  people: string[];
  remark: string;
}

const WORDS: Record<Language, Words> = {
  uk: {
    shop: "Побут-Центр",
    zone: "Europe/Kyiv",
    currency: "UAH",
    unit: 64_900,
    names: ["Оксана Бондаренко", "Тарас Ґудзь", "Юлія Їжакевич", "Андрій Мельник", "Наталія Щербак", "Богдан Кравець", "Світлана Яценко", "Роман Пилипчук", "Ганна Дзюба", "Олександр Коваленко"],
    products: ["Чайник електричний Vitta KT-210, 1,7 л, сталь", "Пилосос акумуляторний Sova Air 3", "Праска парова Lotos SI-90", "Мультиварка Domi M5, 5 л", "Фільтр HEPA для Sova Air 3", "Блендер занурювальний Vitta HB-40", "Кавоварка крапельна Ranok C1", "Тостер Domi T2, на дві скибки"],
    address: "м. Львів, вул. Зелена, 115, кв. 42\nвідділення № 23",
    delivery: "Нова пошта, до відділення",
    payment: "Післяплата",
    note: "Дзвоніть, будь ласка, після обіду. Якщо є білий колір — краще білий.",
    status: "в обробці",
    script: "Підтвердження замовлення",
    phone: "+380 67 *** ** 67",
    greeting: ["Добрий день, ", "! Це магазин «", "». Ви замовили товарів на ", ". Усе правильно, підтверджуєте замовлення?"],
    greetingAnswers: ["Так, усе правильно", "Хочу щось змінити", "Уже не потрібно", "Незручно говорити"],
    terms: ["Відправимо: ", ", ", ". Оплата: ", ". Очікувана дата — ", ". Домовилися?"],
    termsAnswers: ["Так, домовилися", "Змінити адресу", "Змінити спосіб оплати"],
    points: ["Назвати склад замовлення й суму", "Звірити адресу та отримувача", "Попередити про строк зберігання", "Запропонувати супутній товар"],
    people: ["Ірина Соловей", "Максим Гай", "Леся Ткач"],
    remark: "Просила передзвонити після 18-ї, була за кермом.",
  },
  ru: {
    shop: "Дом Техники",
    zone: "Europe/Kyiv",
    currency: "UAH",
    unit: 64_900,
    names: ["Оксана Бондаренко", "Артём Ёлкин", "Юлия Щербакова", "Андрей Мельник", "Наталья Цветкова", "Богдан Кравец", "Светлана Яценко", "Роман Пилипчук", "Анна Дзюба", "Александр Коваленко"],
    products: ["Чайник электрический Vitta KT-210, 1,7 л, сталь", "Пылесос аккумуляторный Sova Air 3", "Утюг паровой Lotos SI-90", "Мультиварка Domi M5, 5 л", "Фильтр HEPA для Sova Air 3", "Блендер погружной Vitta HB-40", "Кофеварка капельная Ranok C1", "Тостер Domi T2, на два ломтика"],
    address: "г. Одесса, ул. Канатная, 81, кв. 12\nотделение № 7",
    delivery: "Новая почта, до отделения",
    payment: "Наложенный платёж",
    note: "Звоните, пожалуйста, после обеда. Если есть белый цвет — лучше белый.",
    status: "в обработке",
    script: "Подтверждение заказа",
    phone: "+380 67 *** ** 67",
    greeting: ["Добрый день, ", "! Это магазин «", "». Вы заказали товаров на ", ". Всё верно, подтверждаете заказ?"],
    greetingAnswers: ["Да, всё верно", "Хочу кое-что изменить", "Уже не нужно", "Неудобно говорить"],
    terms: ["Отправим: ", ", ", ". Оплата: ", ". Ожидаемая дата — ", ". Договорились?"],
    termsAnswers: ["Да, договорились", "Изменить адрес", "Изменить способ оплаты"],
    points: ["Назвать состав заказа и сумму", "Сверить адрес и получателя", "Предупредить о сроке хранения", "Предложить сопутствующий товар"],
    people: ["Ирина Соловьёва", "Максим Гай", "Ольга Ткач"],
    remark: "Просила перезвонить после 18, была за рулём.",
  },
  pl: {
    shop: "Dom AGD",
    zone: "Europe/Warsaw",
    currency: "PLN",
    unit: 7_900,
    names: ["Małgorzata Ścibor", "Łukasz Żółtowski", "Agnieszka Wójcik", "Paweł Gąsior", "Katarzyna Dąbrowska", "Grzegorz Łęcki", "Zofia Ćwiklińska", "Michał Źrebiec", "Barbara Nowak", "Krzysztof Jabłoński"],
    products: ["Czajnik elektryczny Vitta KT-210, 1,7 l, stal", "Odkurzacz akumulatorowy Sova Air 3", "Żelazko parowe Lotos SI-90", "Wolnowar Domi M5, 5 l", "Filtr HEPA do Sova Air 3", "Blender ręczny Vitta HB-40", "Ekspres przelewowy Ranok C1", "Toster Domi T2, na dwie kromki"],
    address: "ul. Długa 14 m. 8\n31-147 Kraków",
    delivery: "Kurier, dostawa pod drzwi",
    payment: "Płatność przy odbiorze",
    note: "Proszę dzwonić po południu. Jeśli jest biały, to wolę biały.",
    status: "w realizacji",
    script: "Potwierdzenie zamówienia",
    phone: "+48 60 *** ** 67",
    greeting: ["Dzień dobry, ", "! Dzwonię ze sklepu „", "”. Zamówienie jest na kwotę ", ". Czy wszystko się zgadza i potwierdza Pani zamówienie?"],
    greetingAnswers: ["Tak, zgadza się", "Chcę coś zmienić", "Już nie potrzebuję", "Nie mogę rozmawiać"],
    terms: ["Wyślemy: ", ", ", ". Płatność: ", ". Przewidywana data — ", ". Czy tak może być?"],
    termsAnswers: ["Tak, zgoda", "Zmienić adres", "Zmienić sposób płatności"],
    points: ["Podać produkty i kwotę", "Sprawdzić adres i odbiorcę", "Uprzedzić o terminie odbioru", "Zaproponować produkt dodatkowy"],
    people: ["Ewa Lis", "Maciej Bąk", "Anna Sowa"],
    remark: "Prosiła o telefon po 18, prowadziła auto.",
  },
  en: {
    shop: "Hearth & Home",
    zone: "Europe/London",
    currency: "GBP",
    unit: 1_900,
    names: ["Charlotte Ashworth", "Owen Hartley", "Maya Lindqvist", "Daniel Okafor", "Grace Whitfield", "Thomas Pemberton", "Aisha Rahman", "Jack Sutherland", "Eleanor Finch", "Samuel Birch"],
    products: ["Electric kettle Vitta KT-210, 1.7 l, steel", "Cordless vacuum Sova Air 3", "Steam iron Lotos SI-90", "Multicooker Domi M5, 5 l", "HEPA filter for Sova Air 3", "Hand blender Vitta HB-40", "Drip coffee maker Ranok C1", "Toaster Domi T2, two slices"],
    address: "14 Orchard Lane\nBristol BS8 1QU",
    delivery: "Courier, to the door",
    payment: "Card on delivery",
    note: "Please call in the afternoon. If it comes in white, I would rather have white.",
    status: "processing",
    script: "Order confirmation",
    phone: "+44 77 *** ** 67",
    greeting: ["Good afternoon, ", "! This is ", ". You ordered goods for ", ". Is everything right, and do you confirm the order?"],
    greetingAnswers: ["Yes, all correct", "I want to change something", "No longer needed", "Cannot talk now"],
    terms: ["We will send it: ", ", ", ". Payment: ", ". Expected date: ", ". Is that all right?"],
    termsAnswers: ["Yes, agreed", "Change the address", "Change the payment"],
    points: ["Read out the goods and the total", "Check address and recipient", "Mention how long it is kept", "Offer something that goes with it"],
    people: ["Emma Clarke", "Liam Hughes", "Zoe Marsh"],
    remark: "Asked to be called after six, was driving.",
  },
};

const PRICES = [1, 9.4, 2.3, 4.1, 0.9, 1.6, 3.2, 1.2];
const minutes = (count: number): string => new Date(Date.now() + count * 60_000).toISOString();

function plain(money: Money, language: Language): string {
  const tags = { uk: "uk-UA", ru: "ru-UA", pl: "pl-PL", en: "en-GB" };
  return new Intl.NumberFormat(tags[language], { style: "currency", currency: money.currency, currencyDisplay: "narrowSymbol" }).format(money.minor / 100);
}

export function sampleWorld(language: Language): World {
  const words = WORDS[language];
  const money = (minor: number): Money => ({ minor: Math.round(minor), currency: words.currency });
  const products = words.products.map((name, index): ProductView => ({
    remote: `product-${index}`,
    sku: `${name.match(/[A-Z][A-Z]?-?\d+/)?.[0] ?? "DZ"}-${100 + index}`,
    name,
    price: money(words.unit * (PRICES[index] ?? 1)),
    stock: index === 3 ? 0 : index === 5 ? null : 4 + index * 7,
  }));
  const row = (index: number): QueueRow => {
    const due = index < 9;
    const promised = index === 0 || index === 10 || index === 13;
    const attempts = index % 6 === 2 ? 1 + (index % 3) : 0;
    return {
      task: `task-${index}`,
      shop: "sample",
      shop_name: words.shop,
      order_number: String(10_482 + index),
      customer_name: words.names[index % words.names.length] ?? "",
      phone_masked: words.phone,
      total: money(words.unit * (2.1 + ((index * 7) % 11))),
      placed_at: minutes(-14 - index * 9),
      due_at: due ? minutes(promised ? -3 : -10 - index) : minutes(25 + (index - 9) * 22),
      is_due: due,
      attempts,
      promised,
    };
  };
  const line = (product: number, quantity: number): CardView["order"]["lines"][number] => {
    const known = products[product] as ProductView;
    return {
      key: `line:${product}`,
      sku: known.sku,
      name: known.name,
      quantity,
      quantity_before: quantity,
      unit_price: known.price,
      total: { ...known.price, minor: known.price.minor * quantity },
    };
  };

  return {
    products,
    queue: Array.from({ length: 124 }, (_, index) => row(index)),
    card(number) {
      const lines = [line(0, 1), line(1, 1), line(4, 2)];
      const delivery = money(words.unit / 8);
      const total = money(delivery.minor + lines.reduce((sum, one) => sum + one.total.minor, 0));
      return {
        task: `task-${number}`,
        call: null,
        shop: "sample",
        shop_name: words.shop,
        shop_zone: words.zone,
        attempts: 1,
        customer_name: words.names[(number - 1) % words.names.length] ?? "",
        phone: words.phone,
        phone_masked: true,
        order: {
          remote: `remote-${number}`,
          number: String(10_481 + number),
          placed_at: minutes(-14),
          status: words.status,
          lines,
          delivery_total: delivery,
          total,
          total_before: total,
          delivery_address: words.address,
          delivery_method: words.delivery,
          payment_method: words.payment,
          customer_note: words.note,
          can_edit: true,
        },
        script: { title: words.script, version: 3, step: null, trail: [] },
        checklist: words.points.map((text, index) => ({ id: `point-${index}`, text, required: index < 3, ticked: false })),
        draft: { ...NO_DRAFT },
        blockers: [],
        history: [
          {
            call: "call-1",
            started_at: minutes(-60 * 22),
            person_name: words.people[0] ?? "",
            order_number: String(10_481 + number),
            customer_name: words.names[0] ?? "",
            phone_masked: words.phone,
            outcome: "callback",
            reason: "order",
            subreason: "confirmation",
            talk_s: 34,
            handle_s: 71,
            comment: words.remark,
          },
          {
            call: "call-0",
            started_at: minutes(-60 * 24 * 47),
            person_name: words.people[1] ?? "",
            order_number: String(9_120 + number),
            customer_name: words.names[0] ?? "",
            phone_masked: words.phone,
            outcome: "confirmed",
            reason: "order",
            subreason: "confirmation",
            talk_s: 96,
            handle_s: 121,
            comment: "",
          },
        ],
        outcomes: OUTCOMES,
        reasons: REASONS,
      };
    },
    steps(card) {
      const text = (text: string): Segment => ({ kind: "text", text });
      const value = (text: string): Segment => ({ kind: "value", text });
      const answers = (texts: string[]): StepView["answers"] => texts.map((text, index) => ({ digit: index + 1, text }));
      const [hello, shop, total, question] = words.greeting;
      const [send, comma, pay, expected, agreed] = words.terms;
      return [
        {
          id: "greeting",
          text: [text(hello), value(card.customer_name), text(shop), value(words.shop), text(total), value(plain(card.order.total, language)), text(question)],
          answers: answers(words.greetingAnswers),
        },
        {
          id: "terms",
          text: [
            text(send),
            value(words.delivery),
            text(comma),
            value(words.address.replace("\n", ", ")),
            text(pay),
            value(words.payment),
            text(expected),
            { kind: "missing", text: "delivery_date" },
            text(agreed),
          ],
          answers: answers(words.termsAnswers),
        },
      ];
    },
  };
}

/** The operators of a sample centre. */
export function samplePeople(language: Language): string[] {
  return WORDS[language].people;
}
