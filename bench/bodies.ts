import { numbers } from './people.ts';

export type UpstreamName = 'bird' | 'ejento' | 'insighto' | 'atoms';

/** What each provider answers about a person: 0.5 to 1 kB, made from a template. */
export const bodies: Record<UpstreamName, (n: number) => string> = {
  bird: (n) =>
    `{"id":"${numbers.userId(n)}","name":"Person ${n}","status":"active","bio":"Builds things that answer quickly, and measures them.","avatarUrl":"https://avatars.example.com/${n}.png","defaultEmail":"person-${n}@example.com","emails":[{"id":"00000000-0000-4000-a000-000000${n}","userId":"${numbers.userId(n)}","email":"person-${n}@example.com","verified":true,"passwordSet":true,"tokenSet":false,"createdAt":"2024-02-29T08:15:30Z","updatedAt":"2024-03-01T08:15:30Z"}],"identities":[],"phoneNumbers":[],"phoneNumber":"+31612345678","locale":"en-GB","timezone":"Europe/Amsterdam","badges":["messagebird:cx"],"activeSessions":3,"createdAt":"2024-02-29T08:15:30Z","updatedAt":"2024-03-01T08:15:30Z","userFraudInformation":{"score":1,"userId":"${numbers.userId(n)}"}}`,
  ejento: (n) =>
    `{"success":true,"message":"User retrieved successfully","data":{"id":${n},"email":"person-${n}@example.com","first_name":"Person","last_name":"Number ${n}","is_staff":false,"is_superuser":false,"is_active":true,"date_joined":"2025-02-03T09:26:09.310394Z","organization":{"id":${n + 1_000_000},"org_name":"Organization ${n}","domain":"org-${n}.example.com","org_logo_url":null,"org_icon_url":null,"is_deleted":false,"created_by":"admin","created_on":"2025-01-02T10:00:00Z","modified_by":"admin","modified_on":"2025-02-03T09:26:09.310394Z"},"groups":[],"user_permissions":[]}}`,
  insighto: (n) =>
    `{"message":"ok","meta":{},"data":{"first_name":"Person","last_name":"Number ${n}","email":"person-${n}@example.com","is_active":true,"is_superuser":false,"birthdate":null,"is_enterprise":false,"role_id":"00000000-0000-4000-b000-000000000001","phone":null,"state":"NH","country":"NL","address":null,"active_billing_plan_id":"00000000-0000-4000-c000-000000000001","next_billing_plan_id":null,"stripe_customer_id":"cus_${n}","stripe_subscription_id":"sub_${n}","stripe_subscription_status":"active","stripe_has_payment_method":true,"is_trial":false,"used_trial":true,"is_paying":true,"stripe_last_payment_date":"2025-03-01T00:00:00Z","billing_updated_at":"2025-03-01T00:00:05Z","last_credits_refresh":"2025-03-01T00:00:05Z","next_credits_refresh":"2025-04-01T00:00:05Z","id":"${numbers.insightoId(n)}","follower_count":0,"following_count":0}}`,
  atoms: (n) =>
    `{"status":true,"data":{"_id":"${numbers.atomsId(n)}","firstName":"Person","lastName":"Number ${n}","userEmail":"person-${n}@example.com","authProvider":"google","isEmailVerified":true,"organizationId":"65f0c0ffee5eed1111${n}","createdAt":"2025-02-03T09:26:09.310Z","updatedAt":"2025-02-03T09:26:09.310Z","avatar":"https://avatars.example.com/${n}.png","preferences":{"language":"en","theme":"dark","newsletter":false,"beta":[]},"limits":{"concurrency":5,"agents":10,"minutes":100000},"__v":0}}`,
};

/** Whom a request is about: Ejento is asked by id in the path, the others by a credential that ends in the number. */
export function numberIn(head: string): number {
  const inCredential = head.indexOf('bench-');
  const from = inCredential >= 0 ? inCredential + 'bench-'.length : head.indexOf('/user/') + '/user/'.length;
  return Number(head.slice(from, from + 6));
}
