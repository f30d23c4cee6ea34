import { breakages, type Mutation } from './mutation.ts'

const keys = ['core/keys', 'test/e2e/keys.test.ts']
const probes = ['db/store/key-probes.test.ts']
const events = ['db/repositories/key-events.test.ts', 'db/repositories/key-health.test.ts']

/** What instances know of keys, and how they agree on it. */
export const keyMutations: readonly Mutation[] = [
	...breakages('core/keys/strategy.ts', keys, [
		['open.length > 0 ? open : probing', '[...open, ...probing]', 'all storm a key that one tries'],
		['open.length > 0 ? open : probing', 'open', 'a cooling key is preferred to one on trial'],
	]),
	...breakages('core/keys/readiness.ts', keys, [
		['if (cooldownUntil > now) return', 'if (cooldownUntil >= now) return', 'a cooldown outlasts its end'],
		["for (const scope of ['', model])", "for (const scope of [''])", 'a limit of a model is forgotten'],
	]),
	...breakages('core/proxy/key-loop.ts', keys, [
		['\t\tendProbes()\n', '', 'a client that leaves keeps a key from all others'],
		['healthOf: services.keyHealth.healthOf,', '', 'a request tries keys that have cooled since it began'],
	]),
	...breakages('core/proxy/key-reports.ts', keys, [
		['for (const end of ends) end()', '', 'a request at fault keeps a key from all others'],
	]),
	...breakages('db/store/own-probes.ts', probes, [
		[
			'this.#probes.get(nameOf(probe)) === probe && ',
			'',
			'a request that took too long ends the trial of the next',
		],
	]),
	...breakages('db/store/snapshot-state.ts', probes, [
		[
			'for (const probe of this.#probes.list()) this.#showProbe(probe)',
			'',
			'a check lets a second request try',
		],
	]),
	...breakages('db/store/heartbeat.ts', probes, [
		[' OR cleared_at > ', ' OR 0 > ', 'a cleared key cools again where the failure was seen'],
	]),
	...breakages('db/repositories/key-health.ts', events, [
		['< max(s.last_fail_at, s.cleared_at)', '< s.last_fail_at', 'a late answer cools a cleared key'],
		[' AND probe_until <= ', ' AND 0 <= ', 'every instance tries the key', [...events, ...probes]],
		['THEN s.probe_until ELSE 0 END', 'THEN 0 ELSE 0 END', 'a late answer ends a trial'],
		["'demoted', ?5, ?6, ?7, position", "'demoted', ?5, ?6, ?7, NULL", 'a demotion cannot be undone'],
	]),
	...breakages('db/repositories/key-events.ts', events, [
		['probe_until = 0, cleared_at = ', 'probe_until = 0, last_ok_at = ', 'a clearing does not last'],
	]),
]
