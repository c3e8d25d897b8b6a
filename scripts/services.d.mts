export interface Service {
  url: string;
  output: string[];
  stop(signal?: NodeJS.Signals): Promise<void>;
}
export function startService(
  name: 'sandbox' | 'relay' | 'storefront',
  env: Record<string, string>,
  onLine?: (line: string) => void,
): Promise<Service>;
