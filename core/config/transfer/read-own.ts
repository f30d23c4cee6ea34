import { z } from 'zod'
import { nameKeyOf } from '../names.ts'
import { hidden } from '../redact.ts'
import { settingNames, settingsPatchSchema } from '../settings.ts'
import { type UpstreamConfig, upstreamInputSchema } from '../upstream.ts'
import {
	maxKeys,
	maxUpstreams,
	type TransferDocument,
	type TransferKey,
	type TransferUpstream,
} from './document.ts'
import { dropHiddenParts } from './hidden-values.ts'
import { exportedKeys, ownVersion } from './own-format.ts'
import {
	isObject,
	type JsonObject,
	readField,
	readSecret,
	readType,
	readWith,
	warnUnknown,
} from './read-fields.ts'
import type { Report } from './report.ts'

const documentFields = ['format', 'version', 'exportedAt', 'keys', 'settings', 'upstreams']
const fieldNames = Object.keys(upstreamInputSchema.shape) as (keyof UpstreamConfig)[]
const keyFields = ['id', 'mask', 'fingerprint', 'enabled', 'key']

const upstreamId = z.string().regex(/^up_[A-Za-z0-9]{1,40}$/, { error: 'is no id of an upstream' })
const keyId = z.string().regex(/^key_[A-Za-z0-9]{1,40}$/, { error: 'is no id of a key' })
const maskText = z.string().max(100)
const fingerprintText = z.string().max(100)

export function looksLikeOwn(value: unknown): value is JsonObject {
	return isObject(value) && value.format === 'claude-proxy'
}

/** Our own format, opened. Members that are missing stay as they are where the file goes. */
export function readOwn(value: JsonObject, types: readonly string[], report: Report): TransferDocument {
	const document: TransferDocument = { format: 'claude-proxy', keys: 'plain', settings: {}, upstreams: [] }
	if (!isOurVersion(value.version, report)) return document
	warnUnknown(value, documentFields, '', report)
	if (value.keys !== undefined) {
		const kind = readWith(z.enum(exportedKeys), value.keys, 'keys', report)
		if (kind === 'none') document.keys = 'none'
	}
	if (typeof value.exportedAt === 'string') document.exportedAt = value.exportedAt.slice(0, 40)
	const given = value.upstreams
	if (!Array.isArray(given)) report.refuse('upstreams', 'must be a list')
	else if (given.length > maxUpstreams) report.refuse('upstreams', `at most ${maxUpstreams} upstreams`)
	else {
		document.upstreams = given.map((entry, index) =>
			readUpstream(entry, `upstreams[${index}]`, types, report),
		)
		refuseRepeats(document.upstreams, report)
	}
	readSettings(value.settings, document, report)
	return document
}

/** A later version may mean something else by the same words: nothing of it is guessed. */
export function isOurVersion(version: unknown, report: Report): boolean {
	if (version === ownVersion) return true
	const isLater = typeof version === 'number' && version > ownVersion
	const later = `${version}: made by a newer claude-proxy; update this one`
	report.refuse('version', isLater ? later : `must be ${ownVersion}`)
	return false
}

function readSettings(given: unknown, document: TransferDocument, report: Report): void {
	if (given === undefined) return
	if (!isObject(given)) {
		report.refuse('settings', 'must be an object')
		return
	}
	warnUnknown(given, [...settingNames, 'currentUpstream'], 'settings', report)
	const named = Object.fromEntries(settingNames.flatMap(name => (name in given ? [[name, given[name]]] : [])))
	document.settings = readWith(settingsPatchSchema, named, 'settings', report) ?? {}
	const { currentUpstream } = given
	if (currentUpstream === undefined) return
	if (currentUpstream === null) document.current = null
	else if (typeof currentUpstream !== 'string')
		report.refuse('settings.currentUpstream', 'must be a name or null')
	else {
		const wanted = nameKeyOf(currentUpstream.trim())
		const index = document.upstreams.findIndex(({ fields }) => nameKeyOf(fields.name) === wanted)
		if (index === -1) report.refuse('settings.currentUpstream', 'names no upstream of this file')
		else document.current = index
	}
}

function readUpstream(
	given: unknown,
	path: string,
	types: readonly string[],
	report: Report,
): TransferUpstream {
	if (!isObject(given)) {
		report.refuse(path, 'must be an object')
		return { path, fields: { name: '', type: '', baseUrl: '' } }
	}
	warnUnknown(given, ['id', 'keys', ...fieldNames], path, report)
	const required = {
		name: readField('name', given.name, `${path}.name`, report) ?? '',
		type: readType(given.type, types, `${path}.type`, report) ?? '',
		baseUrl: String(readMaybeHidden('baseUrl', given.baseUrl, `${path}.baseUrl`, report) ?? ''),
	}
	const optional = fieldNames.flatMap(field => {
		if (field in required || given[field] === undefined) return []
		const read = readMaybeHidden(field, given[field], `${path}.${field}`, report)
		return read === undefined ? [] : [[field, read]]
	})
	const id = given.id === undefined ? undefined : readWith(upstreamId, given.id, `${path}.id`, report)
	return {
		...{ path, fields: { ...Object.fromEntries(optional), ...required } },
		...(id !== undefined && { id }),
		...(given.keys !== undefined && { keys: readKeys(given.keys, `${path}.keys`, report) }),
	}
}

/** What is hidden in a file without keys is checked without its hidden part, and stays hidden until it is resolved. */
function readMaybeHidden(field: keyof UpstreamConfig, given: unknown, path: string, report: Report): unknown {
	if (typeof given === 'string' && given.includes(hidden)) {
		const checked = readField(field, dropHiddenParts(given), path, report)
		return checked === undefined ? undefined : given.trim()
	}
	if (field !== 'extraHeaders' || !isObject(given)) return readField(field, given, path, report)
	const shown = Object.entries(given).map(([name, value]) => [name, value === hidden ? '' : value])
	const checked = readField(field, Object.fromEntries(shown), path, report)
	return checked === undefined ? undefined : given
}

function readKeys(given: unknown, path: string, report: Report): TransferKey[] {
	if (!Array.isArray(given) || given.length > maxKeys) {
		report.refuse(path, Array.isArray(given) ? `at most ${maxKeys} keys` : 'must be a list')
		return []
	}
	const secrets = new Set<string>()
	return given.flatMap((entry, index) => {
		const key = readKey(entry, `${path}[${index}]`, report)
		if (key.secret === undefined) return [key]
		if (secrets.has(key.secret)) {
			report.warn(`${path}[${index}]`, 'the same key as before, left out')
			return []
		}
		secrets.add(key.secret)
		return [key]
	})
}

/** A text is a key, too: files that people write need no more. */
function readKey(given: unknown, path: string, report: Report): TransferKey {
	const entry = typeof given === 'string' ? { key: given } : given
	if (!isObject(entry)) {
		report.refuse(path, 'must be an object or a text')
		return {}
	}
	warnUnknown(entry, keyFields, path, report)
	const key: TransferKey = {}
	const read = <Value>(schema: z.ZodType<Value>, name: string) =>
		entry[name] === undefined ? undefined : readWith(schema, entry[name], `${path}.${name}`, report)
	const id = read(keyId, 'id')
	if (id !== undefined) key.id = id
	const mask = read(maskText, 'mask')
	if (mask !== undefined) key.mask = mask
	const fingerprint = read(fingerprintText, 'fingerprint')
	if (fingerprint !== undefined) key.fingerprint = fingerprint
	const enabled = read(z.boolean(), 'enabled')
	if (enabled !== undefined) key.enabled = enabled
	const secret = entry.key === undefined ? undefined : readSecret(entry.key, `${path}.key`, report)
	if (secret !== undefined) key.secret = secret
	return key
}

/** Names and ids say which upstream and which key is meant: twice the same cannot be told apart. */
function refuseRepeats(upstreams: readonly TransferUpstream[], report: Report): void {
	const seen = new Set<string>()
	const claim = (what: string, path: string, message: string) => {
		if (seen.has(what)) report.refuse(path, message)
		seen.add(what)
	}
	for (const { path, id, fields, keys = [] } of upstreams) {
		if (fields.name !== '')
			claim(`name ${nameKeyOf(fields.name)}`, `${path}.name`, 'this name is there twice')
		if (id !== undefined) claim(id, `${path}.id`, 'this id is there twice')
		keys.forEach((key, index) => {
			if (key.id !== undefined) claim(key.id, `${path}.keys[${index}].id`, 'this id is there twice')
		})
	}
}
