import { createServer, type Socket } from 'node:net';
import { numbers } from './people.ts';

/**
 * The four providers as one small process that answers faster than anybody can ask: no HTTP library, bodies of
 * 0.5 to 1 kB made from a template, the person's ids in it. Run as a child process; the parent sets delays and
 * reads what was asked over IPC.
 */
export type UpstreamName = 'bird' | 'ejento' | 'insighto' | 'atoms';

/** From the parent: answer later from now on (milliseconds by provider), or say what was asked since the last time. */
export type ToUpstream = { delays: Partial<Record<UpstreamName, number>> } | { report: true };

/** To the parent: where the providers listen, or what was asked. */
export type FromUpstream =
  { ports: Record<UpstreamName, number> } | { calls: Record<UpstreamName, number>; roundTrips: number };

const bodies: Record<UpstreamName, (n: number) => string> = {
  bird: (n) =>
    `{"id":"${numbers.userId(n)}","name":"Person ${n}","status":"active","bio":"Builds things that answer quickly, and measures them.","avatarUrl":"https://avatars.example.com/${n}.png","defaultEmail":"person-${n}@example.com","emails":[{"id":"00000000-0000-4000-a000-000000${n}","userId":"${numbers.userId(n)}","email":"person-${n}@example.com","verified":true,"passwordSet":true,"tokenSet":false,"createdAt":"2024-02-29T08:15:30Z","updatedAt":"2024-03-01T08:15:30Z"}],"identities":[],"phoneNumbers":[],"phoneNumber":"+31612345678","locale":"en-GB","timezone":"Europe/Amsterdam","badges":["messagebird:cx"],"activeSessions":3,"createdAt":"2024-02-29T08:15:30Z","updatedAt":"2024-03-01T08:15:30Z","userFraudInformation":{"score":1,"userId":"${numbers.userId(n)}"}}`,
  ejento: (n) =>
    `{"success":true,"message":"User retrieved successfully","data":{"id":${n},"email":"person-${n}@example.com","first_name":"Person","last_name":"Number ${n}","is_staff":false,"is_superuser":false,"is_active":true,"date_joined":"2025-02-03T09:26:09.310394Z","organization":{"id":${n + 1_000_000},"org_name":"Organization ${n}","domain":"org-${n}.example.com","org_logo_url":null,"org_icon_url":null,"is_deleted":false,"created_by":"admin","created_on":"2025-01-02T10:00:00Z","modified_by":"admin","modified_on":"2025-02-03T09:26:09.310394Z"},"groups":[],"user_permissions":[]}}`,
  insighto: (n) =>
    `{"message":"ok","meta":{},"data":{"first_name":"Person","last_name":"Number ${n}","email":"person-${n}@example.com","is_active":true,"is_superuser":false,"birthdate":null,"is_enterprise":false,"role_id":"00000000-0000-4000-b000-000000000001","phone":null,"state":"NH","country":"NL","address":null,"active_billing_plan_id":"00000000-0000-4000-c000-000000000001","next_billing_plan_id":null,"stripe_customer_id":"cus_${n}","stripe_subscription_id":"sub_${n}","stripe_subscription_status":"active","stripe_has_payment_method":true,"is_trial":false,"used_trial":true,"is_paying":true,"stripe_last_payment_date":"2025-03-01T00:00:00Z","billing_updated_at":"2025-03-01T00:00:05Z","last_credits_refresh":"2025-03-01T00:00:05Z","next_credits_refresh":"2025-04-01T00:00:05Z","id":"${numbers.insightoId(n)}","follower_count":0,"following_count":0}}`,
  atoms: (n) =>
    `{"status":true,"data":{"_id":"${numbers.atomsId(n)}","firstName":"Person","lastName":"Number ${n}","userEmail":"person-${n}@example.com","authProvider":"google","isEmailVerified":true,"organizationId":"65f0c0ffee5eed1111${n}","createdAt":"2025-02-03T09:26:09.310Z","updatedAt":"2025-02-03T09:26:09.310Z","avatar":"https://avatars.example.com/${n}.png","preferences":{"language":"en","theme":"dark","newsletter":false,"beta":[]},"limits":{"concurrency":5,"agents":10,"minutes":100000},"__v":0}}`,
};

const names = Object.keys(bodies) as UpstreamName[];
const delays: Record<UpstreamName, number> = { bird: 0, ejento: 0, insighto: 0, atoms: 0 };
let calls = { ...delays };

/** Calls of one person that are being answered, and how many times calls began while there were none. */
const chains = new Map<number, { open: number; roundTrips: number }>();

function answer(name: UpstreamName, head: string, socket: Socket): void {
  const n = numberIn(head);
  calls[name] += 1;
  const body = bodies[name](n);
  const text = `HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${body.length}\r\nconnection: keep-alive\r\n\r\n${body}`;
  if (delays[name] === 0) return void socket.write(text, 'latin1');

  const chain = chains.get(n) ?? { open: 0, roundTrips: 0 };
  if (chain.open++ === 0) chain.roundTrips += 1;
  chains.set(n, chain);
  setTimeout(() => {
    chain.open -= 1;
    socket.write(text, 'latin1');
  }, delays[name]);
}

/** Ejento is asked by id in the path, the others by a credential that ends in the number. */
function numberIn(head: string): number {
  const inCredential = head.indexOf('bench-');
  const from = inCredential >= 0 ? inCredential + 'bench-'.length : head.indexOf('/user/') + '/user/'.length;
  return Number(head.slice(from, from + 6));
}

async function listen(name: UpstreamName): Promise<number> {
  const server = createServer({ noDelay: true }, (socket) => {
    let text = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      text += chunk;
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        answer(name, text.slice(0, end), socket);
        text = text.slice(end + 4);
      }
    });
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 4096, resolve));
  return (server.address() as { port: number }).port;
}

const ports = {} as Record<UpstreamName, number>;
for (const name of names) ports[name] = await listen(name);

process.on('message', (message: ToUpstream) => {
  if ('delays' in message) return void Object.assign(delays, message.delays);
  const roundTrips = Math.max(0, ...[...chains.values()].map((chain) => chain.roundTrips));
  process.send?.({ calls, roundTrips } satisfies FromUpstream);
  calls = { bird: 0, ejento: 0, insighto: 0, atoms: 0 };
  chains.clear();
});
process.once('disconnect', () => process.exit(0));
process.send?.({ ports } satisfies FromUpstream);
