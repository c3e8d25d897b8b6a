#!/usr/bin/gjs
// A WebKitGTK browser for WebKitWebDriver that keeps its profile: MiniBrowser forgets everything in automation mode.
// PROFILE: its folder. SHOPS: the address of a server that answers for *.shop.test, as a proxy. COOKIES=refused: none.
imports.gi.versions.Gtk = '3.0';
imports.gi.versions.WebKit2 = '4.1';
const { GLib, Gtk, WebKit2 } = imports.gi;

Gtk.init(null);
const profile = GLib.getenv('PROFILE');
const data = new WebKit2.WebsiteDataManager({
  base_data_directory: `${profile}/data`,
  base_cache_directory: `${profile}/cache`,
});
data.set_network_proxy_settings(
  WebKit2.NetworkProxyMode.CUSTOM,
  WebKit2.NetworkProxySettings.new(GLib.getenv('SHOPS'), ['localhost', '*.localhost', '127.0.0.1']),
);
const context = new WebKit2.WebContext({ website_data_manager: data });
const cookies = context.get_cookie_manager();
cookies.set_persistent_storage(`${profile}/cookies.sqlite`, WebKit2.CookiePersistentStorage.SQLITE);
if (GLib.getenv('COOKIES') === 'refused') cookies.set_accept_policy(WebKit2.CookieAcceptPolicy.NEVER);
context.set_automation_allowed(true);

const show = view => {
  const window = new Gtk.Window({ default_width: 1280, default_height: 800 });
  window.add(view);
  window.show_all();
  view.connect('close', () => window.destroy());
  // window.open(): a view beside its opener's, in the same process.
  view.connect('create', () => show(new WebKit2.WebView({ related_view: view })));
  view.get_settings().javascript_can_open_windows_automatically = true;
  return view;
};

context.connect('automation-started', (_context, session) => {
  const info = new WebKit2.ApplicationInfo();
  info.set_name('shoptrail-tests');
  session.set_application_info(info);
  session.connect('create-web-view', () =>
    show(new WebKit2.WebView({ web_context: context, is_controlled_by_automation: true })),
  );
});
Gtk.main();
