import { startStorefront } from './server';
import { readSettings } from './settings';

try {
  const settings = readSettings(process.env);
  const storefront = await startStorefront(settings);
  if (storefront.portWasTaken) console.log(`storefront: port ${settings.port} is taken, using another one`);
  console.log(`storefront listening on ${storefront.url}`);
  const stop = () => void storefront.close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
} catch (error) {
  console.error(`storefront: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
