import { expect, test } from 'vitest'
import { createConfigRepository } from '../index.ts'
import { byCli, keyRing, upstreamInput } from '../test-support/samples.ts'
import { describeTargets } from '../test-support/targets.ts'

const secret = 'sk-planted-0123456789abcdef'
const own = (rest: object) => JSON.stringify({ format: 'claude-proxy', version: 1, ...rest })
const upstream = { name: 'a', type: 'openai', baseUrl: 'https://a.example', keys: [{ key: secret }] }
const box = { cipher: 'aes-256-gcm', kdf: 'scrypt', N: 32768, r: 8, p: 3 }
const bytes = { salt: 'A'.repeat(22), iv: 'A'.repeat(16), data: 'A'.repeat(64) }

const files: [string, string, RegExp][] = [
	['nothing', '', /the file is empty/],
	['blanks', ' \n ', /the file is empty/],
	['no JSON', 'upstream: []', /not JSON: line 1, column 1: a value was expected/],
	['a comment', `{\n  // ${secret}\n}`, /not JSON: line 2, column 3: JSON has no comments/],
	['a key without quotes', `{"upstream": [${secret}]}`, /not JSON: line 1, column 15/],
	['great depth', '['.repeat(3_000_000), /more than 16 levels/],
	['deep objects', '{"a":'.repeat(100_000), /more than 16 levels/],
	['great length', `"${'x'.repeat(8_000_001)}"`, /longer than 8 million characters/],
	['a prototype', '{"upstream":[{"__proto__":{"enabled":true}}]}', /this name is not allowed/],
	[
		'a prototype as a rule',
		own({ upstreams: [] }).replace('[]', '[{"modelMap":{"__proto__":"x"}}]'),
		/not allowed/,
	],
	['a field twice', '{"upstream":[],"upstream":[]}', /this name is there twice/],
	['something else', '{"models":[]}', /neither an export of claude-proxy/],
	['a list', '[]', /neither an export/],
	['a later version', own({}).replace(':1', ':2'), /version 2: made by a newer claude-proxy/],
	['no version', own({ version: undefined }), /version must be 1/],
	['no upstreams', own({}), /upstreams must be a list/],
	['upstreams of another kind', own({ upstreams: { a: upstream } }), /upstreams must be a list/],
	[
		'an unknown type',
		own({ upstreams: [{ ...upstream, type: 'soap' }] }),
		/upstreams\[0\]\.type must be one of claude/,
	],
	[
		'the same name twice',
		own({ upstreams: [upstream, { ...upstream, name: 'A' }] }),
		/this name is there twice/,
	],
	[
		'the same id twice',
		own({ upstreams: [1, 2].map(name => ({ ...upstream, name: `${name}`, id: 'up_1' })) }),
		/id is there/,
	],
	[
		'an id of another kind',
		own({ upstreams: [{ ...upstream, id: "up_1' OR 1" }] }),
		/is no id of an upstream/,
	],
	[
		'a key of another kind',
		own({ upstreams: [{ ...upstream, keys: [7] }] }),
		/keys\[0\] must be an object or a text/,
	],
	[
		'a key with a line end',
		own({ upstreams: [{ ...upstream, keys: [`${secret}\nx`] }] }),
		/keys\[0\]\.key must be one word/,
	],
	[
		'a header with a line end',
		own({ upstreams: [{ ...upstream, extraHeaders: { a: 'b\r\nc' } }] }),
		/printable Latin/,
	],
	[
		'a header name with a line end',
		own({ upstreams: [{ ...upstream, extraHeaders: { 'a\r\nb': 'c' } }] }),
		/one word/,
	],
	[
		'a header of the connection',
		own({ upstreams: [{ ...upstream, extraHeaders: { Host: 'c' } }] }),
		/set by the proxy/,
	],
	[
		'a URL of another scheme',
		own({ upstreams: [{ ...upstream, baseUrl: 'file:///etc/passwd' }] }),
		/http:\/\//,
	],
	[
		'a name with control characters',
		own({ upstreams: [{ ...upstream, name: 'a\u001b[2J' }] }),
		/control characters/,
	],
	[
		'a current one that is not there',
		own({ upstreams: [upstream], settings: { currentUpstream: 'b' } }),
		/names no upstream/,
	],
	[
		'settings of another kind',
		own({ upstreams: [], settings: { strategy: 'fastest' } }),
		/settings\.strategy/,
	],
	['too much memory', own({ sealed: { ...box, ...bytes, N: 2 ** 30 } }), /sealed\.N/],
	['too much memory by blocks', own({ sealed: { ...box, ...bytes, r: 1024 } }), /sealed\.r/],
	['too much time', own({ sealed: { ...box, ...bytes, p: 1_000_000 } }), /sealed\.p/],
	['an odd cost', own({ sealed: { ...box, ...bytes, N: 20000 } }), /sealed\.N must be a power of two/],
	['another cipher', own({ sealed: { ...box, ...bytes, cipher: 'none' } }), /sealed\.cipher/],
	['a box without contents', own({ sealed: box }), /sealed\.salt is missing/],
	['a box that nothing was sealed into', own({ sealed: { ...box, ...bytes } }), /passphrase is not the one/],
]

describeTargets('a file that was damaged, or made to do harm', target => {
	test('is refused with its reason, quotes no key, and changes nothing', async () => {
		const repository = createConfigRepository(await target.fresh(), keyRing)
		await repository.addUpstream(upstreamInput('mine'), byCli, [secret])
		const before = await repository.read()
		for (const [what, text, reason] of files) {
			const options = { mode: 'replace', passphrase: 'correct horse' } as const
			const error = await repository.importConfig(text, options).catch((thrown: unknown) => thrown)
			expect(error, what).toMatchObject({ code: 'invalid', message: expect.stringMatching(reason) })
			expect(String(error), what).not.toContain('planted')
			expect(String(error).length, what).toBeLessThan(500)
		}
		expect(await repository.read()).toMatchObject({ revision: before.revision, upstreams: before.upstreams })
		expect(({} as { enabled?: boolean }).enabled).toBeUndefined()
	})
})
