/** `npm start`: installs what is missing, builds, opens storefront, relay and sandbox on loopback. */
import { mkdirSync } from 'node:fs';
import { installPackages, root, run } from './install.mjs';

installPackages();
if (!run(process.execPath, ['esbuild.config.mjs'])) process.exit(1);

const { startService } = await import('./services.mjs');

/** The key of the local sandbox: it opens nothing else. */
const KEY = 'sandbox-key';

const data = `${root}.shoptrail`;
mkdirSync(data, { recursive: true });

const say = line => {
  if (!line.startsWith('{')) console.log(line);
  else if (JSON.parse(line).level >= 40) console.error(`relay: ${JSON.parse(line).msg}`);
};

const services = [];
const stop = async () => {
  for (const service of services.splice(0).reverse()) await service.stop();
};
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    console.log('\nStopping...');
    await stop();
    process.exit(0);
  });
}

const start = async (name, env) => {
  const service = await startService(name, env, say);
  services.push(service);
  return service.url;
};

try {
  const { SANDBOX_PORT = '8082', RELAY_PORT = '8081', PORT = '8080' } = process.env;
  const sandbox = await start('sandbox', {
    PORT: SANDBOX_PORT,
    SANDBOX_API_KEY: KEY,
    SANDBOX_DB: `${data}/sandbox.db`,
  });
  const relay = await start('relay', {
    PORT: RELAY_PORT,
    PORT_FALLBACK: 'on',
    PLATFORM_URL: `${sandbox}/api`,
    PLATFORM_API_KEY: KEY,
    OUTBOX: `${data}/outbox.db`,
    // The sandbox's, so that history has true minutes.
    PLATFORM_TIMEZONE: 'UTC',
    TRUST_PROXY: 'on',
    // A demo is also opened by scripted browsers, and should show what they do.
    BOTS: 'keep',
    // For the form in the shop's footer.
    SUBSCRIBE: 'on',
  });
  const storefront = await start('storefront', {
    PORT,
    RELAY_URL: new URL(relay).origin,
    SANDBOX_URL: sandbox,
  });
  console.log(`
  Storefront   ${storefront}
  History      ${sandbox}/history
  Relay        ${new URL(relay).origin}/healthz

  Open the storefront and accept in its banner: until you do, nothing is sent. Then look at a product, put it in the
  cart, search for "mug", sign in, subscribe in the footer.
  Keep the history open beside it: every event appears there within three seconds.
  Ctrl-C stops all three.
`);
} catch (error) {
  console.error(error.message);
  await stop();
  process.exitCode = 1;
}
