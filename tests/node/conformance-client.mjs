// The client of the conformance suite's scenarios for clients: node conformance-client.mjs direct|gateway URL
// On the TypeScript SDK 2.x, at the version that the suite asks for. `gateway` registers the scenario's server as an upstream of the running
// Symbolon (SYMBOLON_PROGRAM, SYMBOLON_URL, SYMBOLON_TOKEN of an administrator) and speaks with it through that, by a token of its own.
import { execFileSync } from 'node:child_process';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

const [way, url] = process.argv.slice(2);
const scenario = process.env.MCP_CONFORMANCE_SCENARIO;
const version = process.env.MCP_CONFORMANCE_PROTOCOL_VERSION;
const context = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? '{}');
const modern = version >= '2026';
const name = `suite-${process.pid}`;
const owner = 'owner@example.com';

const scenarios = {
  'initialize': client => client.listTools(),
  'tools_call': async client => {
    await client.listTools();
    return client.callTool({ name: 'add_numbers', arguments: { a: 5, b: 3 } });
  },
  'elicitation-sep1034-client-defaults': async client => {
    await client.listTools();
    return client.callTool({ name: 'test_client_elicitation_defaults', arguments: {} });
  },
  'sse-retry': async client => {
    await client.listTools();
    // The scenario's server answers on the next stream that is opened, whose ever it is; the gateway's, which listens to it, comes first.
    await new Promise(done => setTimeout(done, 1000));
    return client.callTool({ name: 'test_reconnection', arguments: {} });
  },
  'request-metadata': client => client.listTools(),
  'sep-2322-client-request-state': async client => {
    await client.listTools();
    await Promise.all([
      client.callTool({ name: 'test_mrtr_echo_state', arguments: {} }),
      client.callTool({ name: 'test_mrtr_unrelated', arguments: {} }),
    ]);
    await client.callTool({ name: 'test_mrtr_no_state', arguments: {} });
    // The SDK takes a result without a type for none at all.
    return client.callTool({ name: 'test_mrtr_no_result_type', arguments: {} }).catch(() => {});
  },
  'http-standard-headers': async client => {
    for (const { name } of (await client.listTools()).tools) await client.callTool({ name, arguments: {} });
    for (const { uri } of (await client.listResources()).resources) await client.readResource({ uri });
    for (const { name } of (await client.listPrompts()).prompts) await client.getPrompt({ name });
  },
  'http-custom-headers': async client => {
    await client.listTools();
    for (const call of context.toolCalls) await client.callTool(call);
  },
  // It calls every tool that it is shown, and the scenario wants to hear of the one that is well-formed only.
  'http-invalid-tool-headers': async client => {
    for (const { name, inputSchema } of (await client.listTools()).tools) {
      await client.callTool({ name, arguments: Object.fromEntries((inputSchema.required ?? []).map(each => [each, 'value'])) });
    }
  },
  'json-schema-ref-no-deref': client => client.listTools(),
  'json-schema-2020-12-preservation': async client => {
    const { tools } = await client.listTools();
    return client.callTool({ name: 'json_schema_echo', arguments: { schema: tools.find(tool => tool.name === 'json_schema_2020_12_tool').inputSchema } });
  },
};

function symbolon(...command) {
  return execFileSync(process.env.SYMBOLON_PROGRAM, command, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

async function admin(method, path, body) {
  const answer = await fetch(`${process.env.SYMBOLON_URL}/api/v1${path}`, {
    method, headers: { authorization: `Bearer ${process.env.SYMBOLON_TOKEN}`, 'content-type': 'application/json' }, body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

/** Registers the scenario's server, approves it, and issues a token for all that it has. */
async function registered() {
  // A scenario of the modern era counts every request without its headers, also the question whether its server speaks the other one.
  symbolon('server', 'register', name, '--owner', owner, '--url', url, '--client-features', 'sampling,elicitation,roots', '--era', modern ? 'modern' : 'auto');
  symbolon('server', 'approve', name, '--version', String((await admin('GET', `/servers/${name}`)).pendingVersion));
  const document = (kind, spec, metadata = {}) => ({ apiVersion: 'symbolon/v1', kind, metadata: { name, ...metadata }, spec });
  // By class, not by name: a scenario's server may have no tool at all.
  const all = { name, effects: ['read', 'write', 'irreversible'], prompts: ['*'], resources: ['*'] };
  await admin('POST', '/apply', { documents: [document('Agent', {}, { owner }), document('Grant', { to: { users: ['alice@example.com'], agents: [name] }, servers: [all] })] });
  const { token } = await admin('POST', '/tokens', { user: 'alice@example.com', agent: name, ttl: '1h', servers: [{ name, all: true }] });
  return { address: new URL(`/mcp/${name}`, process.env.SYMBOLON_URL), requestInit: { headers: { Authorization: `Bearer ${token}` } } };
}

async function walk() {
  const { address, requestInit } = way === 'gateway' ? await registered() : { address: new URL(url), requestInit: {} };
  const client = new Client({ name: 'symbolon-conformance-client', version: '1.0.0' }, {
    capabilities: { elicitation: { form: { applyDefaults: true } }, sampling: {}, roots: { listChanged: true } },
    ...(modern ? { versionNegotiation: { mode: { pin: version } } } : { supportedProtocolVersions: [version] }),
  });
  client.setRequestHandler('elicitation/create', async ({ params }) =>
    ({ action: 'accept', content: params.requestedSchema?.properties?.confirmed ? { confirmed: true } : {} }));
  await client.connect(new StreamableHTTPClientTransport(address, { requestInit }));
  await scenarios[scenario](client);
  await client.close();
}

let code = 0;
try {
  // The suite ends only the shell that started this, and would then wait for it for ever.
  await Promise.race([walk(), new Promise((_, late) => setTimeout(() => late(new Error('too slow')), 20_000))]);
} catch (error) {
  console.error(error);
  code = 1;
}
// The scenario's server ends once its last connection does, and the gateway listens to a server in use.
if (way === 'gateway') symbolon('server', 'retire', name, '--yes');
process.exit(code);
