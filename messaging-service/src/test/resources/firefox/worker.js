// Keeps what was pushed, in order, where the page finds it also after the browser has been restarted.
self.addEventListener('push', event => event.waitUntil(keep(event.data.text())));

async function keep(text) {
  const cache = await caches.open('pushed');
  const before = await cache.match('/heard');
  const all = before ? await before.json() : [];
  await cache.put('/heard', new Response(JSON.stringify([...all, text])));
}
