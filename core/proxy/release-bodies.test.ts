import { expect, test } from 'vitest'
import { giveBackBodies, releaseBodies } from './release-bodies.ts'
import type { RequestScope } from './request-scope.ts'

function createScope(changes: Partial<RequestScope> = {}, isMeasured = false): RequestScope {
	const body = new Uint8Array(100)
	return {
		services: { tokenRates: { wants: () => isMeasured } },
		incoming: { body },
		upstream: { id: 'up_1' },
		call: {
			mode: 'pass-through',
			outgoing: { method: 'POST', url: '', headers: {}, body },
			rebuild: () => {},
		},
		...changes,
	} as unknown as RequestScope
}

const sizes = ({ incoming, call }: RequestScope) => [incoming.body.length, call.outgoing.body?.length]

test('bodies are let go, and the attempt’s own with them', () => {
	const scope = createScope()
	const sent = { ...scope.call.outgoing }
	releaseBodies(scope, sent)
	expect(sizes(scope)).toEqual([0, undefined])
	expect(sent.body).toBeUndefined()
	expect(() => scope.call.rebuild([])).toThrow()
})

test('bodies that are recorded or measured in the end are kept until then', () => {
	const recorded = createScope({ recording: {} as NonNullable<RequestScope['recording']> })
	const measured = createScope({}, true)
	for (const scope of [recorded, measured]) {
		releaseBodies(scope, { ...scope.call.outgoing })
		expect(sizes(scope)).toEqual([100, 100])
		expect(() => scope.call.rebuild([])).toThrow()
	}
})

test('their memory is given back when they are let go, or when their request is over', () => {
	for (const recording of [undefined, {} as RequestScope['recording']]) {
		const given: Uint8Array[] = []
		const [body, edited] = [new Uint8Array(100), new Uint8Array(90)]
		const scope = createScope({ recording })
		Object.assign(scope.incoming, { body, giveBack: (bytes: Uint8Array) => void given.push(bytes) })
		scope.call.outgoing.body = edited
		releaseBodies(scope, { ...scope.call.outgoing })
		expect(given).toEqual(recording ? [] : [body, edited])
		giveBackBodies(scope.incoming, scope.call)
		expect(given.filter(({ length }) => length > 0)).toEqual([body, edited])
	}
})
