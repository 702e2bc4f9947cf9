import data from './prices.json' with { type: 'json' };

export type PriceName = keyof typeof data.prices;

export interface Price {
  readonly usd: number;
  readonly unit: string;
  readonly source: string;
}

/** Published prices by name, and when they were looked up. */
export const prices: {
  readonly checked: string;
  readonly region: string;
  readonly of: Readonly<Record<PriceName, Price>>;
} = {
  checked: data.checked,
  region: data.region,
  of: data.prices,
};

/** Hours of a month, as AWS's price examples have them. */
export const hoursPerMonth = 730;

/** US dollars for `quantity` of what the price is for. */
export const dollars = (name: PriceName, quantity: number): number => prices.of[name].usd * quantity;
