import { setTimeout as pause } from 'node:timers/promises'
import { changePlans, type PlannedChange, type Seen } from './changes.ts'
import type { FaultSchedule } from './faults.ts'
import type { Ledger, Outcome } from './ledger.ts'
import { callApi, changeByApi, changeByCli } from './make-change.ts'
import type { Place } from './places.ts'
import type { Visibility } from './visibility.ts'

export interface EditorOptions {
	place: Place
	ledger: Ledger
	faults: FaultSchedule
	visibility: Visibility
	until: number
}

const EDIT_EVERY_MS = 1000
/** Of its changes, so many are made by the CLI. */
const CLI_SHARE = 0.3

/** A person with the admin and a terminal: a change every second, whatever the database does. */
export async function runEditor(options: EditorOptions): Promise<void> {
	for (let turn = 0; Date.now() < options.until; turn++) {
		const next = Date.now() + EDIT_EVERY_MS
		await editOnce(options, turn)
		if (turn % 5 === 4) await clearCooldowns(options.place)
		if (turn % 8 === 7) await lookAtHistory(options)
		await pause(Math.max(0, next - Date.now()))
	}
}

/** Somebody else, who only uses the CLI, and gets in the way. */
export async function runOtherEditor(options: EditorOptions): Promise<void> {
	for (let turn = 0; Date.now() < options.until; turn++) {
		const id = options.place.upstreamIds[turn % 2 === 0 ? 'blue' : 'green']
		const argv = ['update', id, '--description', `description ${turn}`]
		await record(options, `other ${turn}`, message => changeByCli(options.place, { argv }, message))
		await pause(3 * EDIT_EVERY_MS)
	}
}

async function editOnce(options: EditorOptions, turn: number): Promise<void> {
	const { place, visibility } = options
	const seen = await readConfig(place)
	const plan = changePlans[turn % changePlans.length]
	if (seen === undefined || plan === undefined) return
	const change: PlannedChange = plan({ place, seen, turn })
	const shown = change.shows && visibility.timelines[change.shows.what].send(change.shows.value, Date.now())
	const outcome = await record(options, `edit ${turn}`, message =>
		Math.random() < CLI_SHARE
			? changeByCli(place, change.cli, message)
			: changeByApi(place, change.api, message),
	)
	if (outcome.kind === 'accepted') shown?.accept(Date.now())
	if (outcome.kind === 'refused') shown?.refuse()
}

async function record(
	{ ledger, faults }: EditorOptions,
	message: string,
	make: (message: string) => Promise<Outcome>,
): Promise<Outcome> {
	const from = Date.now()
	const outcome = await make(message)
	ledger.record(message, outcome, { from, to: Date.now() }, faults)
	return outcome
}

/** Nothing while the database is away. */
async function readConfig(place: Place): Promise<Seen | undefined> {
	const { status, text } = await callApi(place, ['GET', '/api/upstreams'])
	return status === 200 ? (JSON.parse(text) as Seen) : undefined
}

/** So that keys go on failing: each would rest for minutes. No revision, and nothing when the database is away. */
async function clearCooldowns({ cli, upstreamIds }: Place): Promise<void> {
	await cli(['key', upstreamIds.blue, 'clear', '--all'])
	await cli(['key', upstreamIds.green, 'clear', '--all'])
}

export async function lookAtHistory({
	place,
	ledger,
}: Pick<EditorOptions, 'place' | 'ledger'>): Promise<void> {
	const { status, text } = await callApi(place, ['GET', '/api/revisions?limit=100'])
	if (status !== 200) return
	ledger.see((JSON.parse(text) as { revisions: { revision: number; message: string }[] }).revisions)
}
