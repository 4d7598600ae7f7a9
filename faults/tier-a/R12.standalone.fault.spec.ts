import { raw } from '../../e2e/house/raw.ts';
import { laterOrder } from '../run/poison.ts';
import { provePoison } from '../run/prove-poison.ts';
import { standalone } from '../run/scenes.ts';

// A release that knows the version. Here the record becomes one that today's release knows.
provePoison('R12.standalone', standalone, async ({ house }) => {
  await house.rows(
    raw(`update regulars_log.records set headers = replace(headers::text, '"version":"9"', '"version":"1"')::json
         where value is not null and convert_from(value, 'UTF8') like '%"orderId":"${laterOrder}"%'`),
  );
  await house.kill9('standalone');
  await house.ready();
});
