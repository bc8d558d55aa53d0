// node policy.mjs SECONDS: microseconds of one decision on the ten rules of policy.json, arguments parsed from their text each time:
// {cel, cedar, cedarOfThousand} of npm's @bufbuild/cel and @cedar-policy/cedar-wasm, the last with 990 policies about other tools beside the ten.
import { readFileSync } from 'node:fs';
import { celEnv, parse, plan } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs';

const seconds = Number(process.argv[2]);
const { caller, arguments: args, rules } = JSON.parse(readFileSync(new URL('policy.json', import.meta.url), 'utf8'));
const text = JSON.stringify(args);
const around = { subject: { user: caller.user }, actor: { agent: caller.agent }, server: { name: 'records' } };

const env = celEnv({ funcs: strings });
const programs = rules.map(({ decision, cel }) => ({ decision, evaluate: plan(env, parse(cel)) }));
function cel() {
  const variables = { args: JSON.parse(text), ...around };
  let allowed = false;
  for (const { decision, evaluate } of programs) {
    const value = evaluate(variables);
    if (value !== true && value !== false) throw value;
    if (value && decision === 'deny') return false;
    allowed ||= value;
  }
  return allowed;
}

const policy = ({ decision, cedar }, tool) => `${decision === 'deny' ? 'forbid' : 'permit'} (principal, action == Action::"call", resource == Tool::"${tool}") when { ${cedar} };`;
const entity = (type, id) => ({ type, id });
function prepare(name, policies) {
  const answer = preparsePolicySet(name, { staticPolicies: policies.join('\n') });
  if (answer.type !== 'success') throw new Error(JSON.stringify(answer));
  const scope = { principal: entity('User', caller.user), action: entity('Action', 'call'), resource: entity('Tool', 'records/lookup'), entities: [], preparsedPolicySetId: name };
  return () => {
    const answer = statefulIsAuthorized({ ...scope, context: { args: JSON.parse(text), ...around } });
    if (answer.type !== 'success' || answer.response.diagnostics.errors.length > 0) throw new Error(JSON.stringify(answer));
    return answer.response.decision === 'allow';
  };
}
const ten = rules.map(rule => policy(rule, 'records/lookup'));
const others = Array.from({ length: 990 }, (_, i) => policy(rules[i % 10], `records/tool_${Math.floor(i / 10)}`));

function measure(decide) {
  if (!decide()) throw new Error('The rules allow this call.');
  const run = milliseconds => {
    const start = process.hrtime.bigint();
    const end = start + BigInt(Math.round(milliseconds * 1e6));
    let count = 0;
    let now = start;
    while (now < end) {
      for (let i = 0; i < 16; i++) decide();
      count += 16;
      now = process.hrtime.bigint();
    }
    return Number(now - start) / 1000 / count;
  };
  run(seconds * 500);
  return run(seconds * 1000);
}
console.log(JSON.stringify({ cel: measure(cel), cedar: measure(prepare('ten', ten)), cedarOfThousand: measure(prepare('thousand', [...ten, ...others])) }));
