// What npm's @bufbuild/cel makes of expressions: node cel.mjs FILE, lines {id, expr, container?, bindings?} as `symbolon policy eval` takes
// them. One line of output each, {id, value | error}, with values in the tagged form of the specification's tests.
import { readFileSync, writeSync } from 'node:fs';
import { celEnv, celUint, isCelError, isCelList, isCelMap, isCelType, isCelUint, parse, plan } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { create } from '@bufbuild/protobuf';
import { isReflectMessage, reflect } from '@bufbuild/protobuf/reflect';
import { DurationSchema, TimestampSchema } from '@bufbuild/protobuf/wkt';

const any = 'type.googleapis.com/google.protobuf.';
const environments = new Map();
const environmentOf = namespace => {
  if (!environments.has(namespace)) environments.set(namespace, celEnv({ namespace, funcs: strings }));
  return environments.get(namespace);
};

// Seconds and nanoseconds of "-1.5s" and "2024-01-01T00:00:00.5Z".
const nanosOf = digits => Number((digits ?? '').padEnd(9, '0'));
function readMessage({ '@type': type, value }) {
  if (type === `${any}Duration`) {
    const [, sign, seconds, fraction] = /^(-?)(\d+)(?:\.(\d+))?s$/.exec(value);
    return reflect(DurationSchema, create(DurationSchema, { seconds: BigInt(sign + seconds), nanos: Number(sign + '1') * nanosOf(fraction) }));
  }
  const [, second, fraction] = /^([^.Z]+)(?:\.(\d+))?Z$/.exec(value);
  return reflect(TimestampSchema, create(TimestampSchema, { seconds: BigInt(Date.parse(`${second}Z`) / 1000), nanos: nanosOf(fraction) }));
}

function read(value) {
  const [[tag, content]] = Object.entries(value);
  switch (tag) {
    case 'null_value': return null;
    case 'bool_value': return content === 'true' || content === true;
    case 'int64_value': return BigInt(content);
    case 'uint64_value': return celUint(BigInt(content));
    case 'double_value': return Number(content);
    case 'string_value': return content;
    case 'bytes_value': return new Uint8Array(Buffer.from(content.base64, 'base64'));
    case 'list_value': return (content.values ?? []).map(read);
    case 'map_value': return new Map((content.entries ?? []).map(entry => [read(entry.key), read(entry.value)]));
    case 'object_value': return readMessage(content);
    default: throw new Error(`no tag ${tag}`);
  }
}

const fraction = nanos => (nanos === 0 ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`);
function writeMessage(value) {
  if (!isReflectMessage(value)) throw new Error(`no tag for ${value}`);
  const { seconds, nanos } = value.message;
  switch (value.desc.typeName) {
    case 'google.protobuf.Duration': return { '@type': `${any}Duration`, value: `${seconds < 0n || nanos < 0 ? '-' : ''}${seconds < 0n ? -seconds : seconds}${fraction(Math.abs(nanos))}s` };
    // Beyond year 9999 there is no text.
    case 'google.protobuf.Timestamp': return { '@type': `${any}Timestamp`, value: Math.abs(Number(seconds)) > 8e12 ? `${seconds}s` : new Date(Number(seconds) * 1000).toISOString().replace(/\.000Z$/, `${fraction(nanos)}Z`) };
    default: throw new Error(`no tag for ${value.desc.typeName}`);
  }
}

function write(value) {
  switch (typeof value) {
    case 'boolean': return { bool_value: String(value) };
    case 'bigint': return { int64_value: String(value) };
    case 'number': return { double_value: Object.is(value, -0) ? '-0' : String(value) };
    // Half of a pair is no text; what comes out is no value that anybody else has.
    case 'string': return { string_value: value.toWellFormed() };
  }
  if (value === null) return { null_value: 'NULL_VALUE' };
  if (isCelUint(value)) return { uint64_value: String(value.value) };
  if (value instanceof Uint8Array) return { bytes_value: { base64: Buffer.from(value).toString('base64') } };
  if (isCelType(value)) return { type_value: value.name };
  if (isCelList(value)) return { list_value: { values: [...value].map(write) } };
  if (isCelMap(value)) return { map_value: { entries: [...value.entries()].map(([key, item]) => ({ key: write(key), value: write(item) })) } };
  return { object_value: writeMessage(value) };
}

function answer({ id, expr, container, bindings }) {
  try {
    const bound = Object.fromEntries((bindings ?? []).map(({ key, value }) => [key, read(value.value)]));
    const value = plan(environmentOf(container ?? ''), parse(expr))(bound);
    return isCelError(value) ? { id, error: value.message ?? String(value) } : { id, value: write(value) };
  } catch (error) {
    return { id, error: String(error.message ?? error) };
  }
}

const answers = readFileSync(process.argv[2], 'utf8').trimEnd().split('\n').map(line => JSON.stringify(answer(JSON.parse(line))));
for (let bytes = Buffer.from(`${answers.join('\n')}\n`); bytes.length > 0;) {
  try {
    bytes = bytes.subarray(writeSync(1, bytes));
  } catch (error) {
    if (error.code !== 'EAGAIN') throw error;
  }
}
