// Reads {"schema": …, "documents": […]} and prints for each document whether the schema accepts it, and why not.
import { readFileSync } from 'node:fs';
import Ajv from 'ajv';

const { schema, documents } = JSON.parse(readFileSync(0, 'utf8'));
const validate = new Ajv({ strict: true, allErrors: true, allowUnionTypes: true }).compile(schema);
console.log(JSON.stringify(documents.map(document => ({ ok: validate(document), errors: (validate.errors ?? []).map(error => `${error.instancePath} ${error.message}`) }))));
