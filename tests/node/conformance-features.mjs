// What the server scenarios of the conformance suite call, by the names that they call it by; conformance-server.mjs serves it.
// A tool that needs an answer from the client is written once, as an `input_required` result: the SDK turns that into requests
// to a client of the legacy era.
import { acceptedContent, createRequestStateCodec, fromJsonSchema, inputRequired, inputResponse, McpServer, ResourceTemplate } from '@modelcontextprotocol/server';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';

// A grey pixel, and one sample of silence.
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==';
const wav = 'UklGRiUAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQEAAACA';
const states = createRequestStateCodec({ key: randomBytes(32) });
const pause = milliseconds => new Promise(done => setTimeout(done, milliseconds));
const text = value => ({ content: [{ type: 'text', text: value }] });
const image = { type: 'image', data: png, mimeType: 'image/png' };
const nothing = z.object({});
const form = (message, properties, required = Object.keys(properties)) =>
  inputRequired.elicit({ message, requestedSchema: { type: 'object', properties, required } });
const question = (words, maxTokens) =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: { type: 'text', text: words } }], maxTokens });

/** @param tell What somebody says who changes something: `tools`, `prompts`, `resources`, or the URI of what was changed. */
export function build(tell) {
  const server = new McpServer({ name: 'conformance-fixture', version: '1.0.0' }, {
    capabilities: { tools: { listChanged: true }, prompts: { listChanged: true }, resources: { subscribe: true, listChanged: true }, logging: {}, completions: {} },
    requestState: { verify: states.verify },
  });
  const tool = (name, description, inputSchema, run, more) => server.registerTool(name, { description, inputSchema, ...more }, run);
  contentTools(tool);
  talkingTools(tool, tell);
  askingTools(tool);
  prompts(server);
  resources(server);
  return server;
}

function contentTools(tool) {
  tool('test_simple_text', 'Answers a line.', nothing, async () => text('This is a simple text response for testing.'), { annotations: { readOnlyHint: true } });
  tool('test_image_content', 'Answers a picture.', nothing, async () => ({ content: [image] }));
  tool('test_audio_content', 'Answers a sound.', nothing, async () => ({ content: [{ type: 'audio', data: wav, mimeType: 'audio/wav' }] }));
  tool('test_embedded_resource', 'Answers a resource.', nothing, async () =>
    ({ content: [{ type: 'resource', resource: { uri: 'test://embedded-resource', mimeType: 'text/plain', text: 'This is an embedded resource content.' } }] }));
  tool('test_multiple_content_types', 'Answers a line, a picture and a resource.', nothing, async () => ({
    content: [
      { type: 'text', text: 'Multiple content types test:' }, image,
      { type: 'resource', resource: { uri: 'test://mixed-content-resource', mimeType: 'application/json', text: '{"test":"data","value":123}' } },
    ],
  }));
  tool('test_error_handling', 'Fails.', nothing, async () => { throw new Error('This tool intentionally returns an error for testing'); });
  tool('json_schema_2020_12_tool', 'Takes what a schema of many keywords describes.', fromJsonSchema({
    $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object',
    $defs: { address: { $anchor: 'addressDef', type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } } },
    properties: {
      name: { type: 'string' }, address: { $ref: '#/$defs/address' }, contactMethod: { type: 'string', enum: ['phone', 'email'] },
      phone: { type: 'string' }, email: { type: 'string' },
    },
    allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
    if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
    then: { required: ['phone'] }, else: { required: ['email'] }, additionalProperties: false,
  }), async taken => text(JSON.stringify(taken)));
  tool('test_region_header', 'Takes an argument that is a header too.', fromJsonSchema({
    type: 'object', properties: { region: { type: 'string', 'x-mcp-header': 'Region' } }, required: ['region'],
  }), async ({ region }) => text(`region ${region}`));
}

function talkingTools(tool, tell) {
  tool('test_tool_with_logging', 'Writes three log messages.', nothing, async (_, context) => {
    for (const line of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await context.mcpReq.log('info', line);
      await pause(50);
    }
    return text('logged');
  });
  tool('test_logging_tool', 'Writes a log message, for whoever asked for some.', nothing, async (_, context) => {
    await context.mcpReq.log('info', 'noted');
    return text('logged');
  });
  tool('test_tool_with_progress', 'Tells its progress.', nothing, async (_, context) => {
    const progressToken = context.mcpReq._meta?.progressToken;
    for (const progress of [0, 50, 100]) {
      if (progressToken !== undefined) await context.mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } });
      await pause(50);
    }
    return text('done');
  });
  tool('test_reconnection', 'Closes the stream of its call, and answers where the client comes back.', nothing, async (_, context) => {
    context.http?.closeSSE?.();
    await pause(100);
    return text('answered after the stream was closed');
  });
  // They change nothing: what is reviewed of a server must stay as it was, and the suite only asks whether it hears of a change.
  tool('test_trigger_tool_change', 'Says that the tools are others.', nothing, async () => { tell('tools'); return text('told'); });
  tool('test_trigger_prompt_change', 'Says that the prompts are others.', nothing, async () => { tell('prompts'); return text('told'); });
  tool('test_trigger_resource_change', 'Says that the watched resource is another.', nothing, async () => { tell('test://watched-resource'); return text('told'); });
}

function askingTools(tool) {
  const asks = (name, description, inputSchema, requests, done) => tool(name, description, inputSchema, async (taken, context) => {
    const asked = requests(taken);
    const answers = context.mcpReq.inputResponses ?? {};
    return Object.keys(asked).every(key => inputResponse(answers, key).kind !== 'missing') ? text(done(answers)) : inputRequired({ inputRequests: asked });
  });
  const action = key => answers => `action=${answers[key].action}, content=${JSON.stringify(answers[key].content ?? {})}`;
  asks('test_sampling', 'Asks the model of the client.', z.object({ prompt: z.string() }), ({ prompt }) => ({ answer: question(prompt, 100) }),
    ({ answer }) => `LLM response: ${answer.content.text}`);
  asks('test_elicitation', 'Asks the person at the client.', z.object({ message: z.string() }),
    ({ message }) => ({ answer: form(message, { username: { type: 'string' }, email: { type: 'string' } }) }), action('answer'));
  asks('test_elicitation_sep1034_defaults', 'Asks with a value in every field.', nothing, () => ({
    answer: form('Please review the fields', {
      name: { type: 'string', default: 'John Doe' }, age: { type: 'integer', default: 30 }, score: { type: 'number', default: 95.5 },
      status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' }, verified: { type: 'boolean', default: true },
    }, []),
  }), action('answer'));
  const titled = word => ['First', 'Second', 'Third'].map((title, index) => ({ const: `value${index + 1}`, title: `${title} ${word}` }));
  const options = ['option1', 'option2', 'option3'];
  asks('test_elicitation_sep1330_enums', 'Asks for choices of every kind.', nothing, () => ({
    answer: form('Please choose', {
      untitledSingle: { type: 'string', enum: options },
      titledSingle: { type: 'string', oneOf: titled('Option') },
      legacyEnum: { type: 'string', enum: ['opt1', 'opt2', 'opt3'], enumNames: ['Option One', 'Option Two', 'Option Three'] },
      untitledMulti: { type: 'array', items: { type: 'string', enum: options } },
      titledMulti: { type: 'array', items: { anyOf: titled('Choice') } },
    }, []),
  }), action('answer'));
  const name = { name: { type: 'string' } };
  asks('test_input_required_result_elicitation', 'Asks for a name.', nothing, () => ({ user_name: form('What is your name?', name) }),
    answers => `Hello, ${acceptedContent(answers, 'user_name')?.name}!`);
  asks('test_streaming_elicitation', 'Asks for a name.', nothing, () => ({ user_name: form('What is your name?', name) }),
    answers => `Hello, ${acceptedContent(answers, 'user_name')?.name}!`);
  asks('test_input_required_result_sampling', 'Asks for a capital.', nothing, () => ({ capital_question: question('What is the capital of France?', 100) }),
    answers => answers.capital_question.content.text);
  asks('test_missing_capability', 'Asks the model, which it may only if there is one.', nothing, () => ({ answer: question('Are you there?', 10) }), () => 'there');
  asks('test_input_required_result_list_roots', 'Asks for roots.', nothing, () => ({ client_roots: inputRequired.listRoots() }),
    answers => answers.client_roots.roots.map(root => root.uri).join(' '));
  statefulTools(tool, name);
  tool('test_input_required_result_capabilities', 'Asks only what the client can answer.', nothing, async (_, context) => {
    if (Object.keys(context.mcpReq.inputResponses ?? {}).length) return text('answered');
    const declared = context.mcpReq.envelope?.['io.modelcontextprotocol/clientCapabilities'] ?? {};
    const inputRequests = {};
    if (declared.elicitation) inputRequests.user_name = form('What is your name?', name);
    if (declared.sampling) inputRequests.greeting = question('Generate a greeting', 50);
    return Object.keys(inputRequests).length ? inputRequired({ inputRequests }) : text('nothing to ask');
  });
}

function statefulTools(tool, name) {
  const confirm = { confirm: form('Please confirm', { ok: { type: 'boolean' } }) };
  for (const of of ['request_state', 'tampered_state']) {
    tool(`test_input_required_result_${of}`, 'Asks for a yes, and keeps its state at the client.', nothing, async (_, context) =>
      acceptedContent(context.mcpReq.inputResponses, 'confirm') && context.mcpReq.requestState() === of
        ? text('state-ok') : inputRequired({ inputRequests: confirm, requestState: await states.mint(of) }));
  }
  tool('test_input_required_result_multiple_inputs', 'Asks for three things at once.', nothing, async (_, context) => {
    const answers = context.mcpReq.inputResponses ?? {};
    if (['user_name', 'greeting', 'client_roots'].every(key => inputResponse(answers, key).kind !== 'missing')) return text('all answered');
    const inputRequests = { user_name: form('What is your name?', name), greeting: question('Generate a greeting', 50), client_roots: inputRequired.listRoots() };
    return inputRequired({ inputRequests, requestState: await states.mint('asked') });
  });
  tool('test_input_required_result_multi_round', 'Asks, and then asks again.', nothing, async (_, context) => {
    const answers = context.mcpReq.inputResponses;
    const state = context.mcpReq.requestState();
    if (state?.round === 2 && acceptedContent(answers, 'step2')) return text(`${state.name} likes ${acceptedContent(answers, 'step2').color}`);
    if (state?.round === 1 && acceptedContent(answers, 'step1')) {
      const second = { step2: form('Step 2: What is your favorite color?', { color: { type: 'string' } }) };
      return inputRequired({ inputRequests: second, requestState: await states.mint({ round: 2, name: acceptedContent(answers, 'step1').name }) });
    }
    return inputRequired({ inputRequests: { step1: form('Step 1: What is your name?', name) }, requestState: await states.mint({ round: 1 }) });
  });
}

function prompts(server) {
  const user = content => ({ role: 'user', content });
  const words = value => user({ type: 'text', text: value });
  const prompt = (name, description, argsSchema, run) => server.registerPrompt(name, { description, ...(argsSchema ? { argsSchema } : {}) }, run);
  prompt('test_simple_prompt', 'A line.', undefined, async () => ({ messages: [words('This is a simple prompt for testing.')] }));
  prompt('test_prompt_with_arguments', 'A line with what it was given.', z.object({ arg1: z.string(), arg2: z.string() }),
    async ({ arg1, arg2 }) => ({ messages: [words(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)] }));
  prompt('test_prompt_with_embedded_resource', 'A resource.', z.object({ resourceUri: z.string() }), async ({ resourceUri }) => ({
    messages: [
      user({ type: 'resource', resource: { uri: resourceUri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' } }),
      words('Please process the embedded resource above.'),
    ],
  }));
  prompt('test_prompt_with_image', 'A picture.', undefined, async () => ({ messages: [user(image), words('Please analyze the image above.')] }));
  prompt('test_input_required_result_prompt', 'A line about what the person says.', undefined, async context => {
    const said = acceptedContent(context.mcpReq.inputResponses, 'user_context');
    return said ? { messages: [words(`About ${said.context}`)] }
      : inputRequired({ inputRequests: { user_context: form('What context should the prompt use?', { context: { type: 'string' } }) } });
  });
  server.server.setRequestHandler('completion/complete', async ({ params }) => {
    const values = ['paris', 'park', 'party'].filter(value => value.startsWith(params.argument.value));
    return { completion: { values, total: values.length, hasMore: false } };
  });
}

function resources(server) {
  const resource = (name, uri, mimeType, contents) => server.registerResource(name, uri, { title: name, description: `The resource ${name}.`, mimeType },
    async (asked, variables) => ({ contents: [{ uri: String(asked), mimeType, ...contents(variables) }] }));
  resource('static-text', 'test://static-text', 'text/plain', () => ({ text: 'This is the content of the static text resource.' }));
  resource('static-binary', 'test://static-binary', 'image/png', () => ({ blob: png }));
  resource('watched-resource', 'test://watched-resource', 'text/plain', () => ({ text: 'Watched resource content' }));
  resource('template', new ResourceTemplate('test://template/{id}/data', { list: undefined }), 'application/json',
    ({ id }) => ({ text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }) }));
}
