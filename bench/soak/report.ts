import { boundsText, inMb, type Memory } from './memory.ts'
import { countRequests, type Problems, type RequestTally } from './tally.ts'

export interface InstanceReport {
	name: string
	tally: RequestTally
	memory: Memory
}

export interface PlaceReport {
	name: string
	changes: { accepted: number; refused: number; unknown: number; slowestMs: number }
	revisions: number
	landedUnknown: number
	sent: number
	logged: number
	counted: number
	dropped: number
	seenLate: { usual: number; aroundFaults: number }
	faults: ReadonlyMap<string, number>
}

export function describeSoak(
	instances: readonly InstanceReport[],
	places: readonly PlaceReport[],
	problems: Problems,
): string {
	return [
		'requests',
		...table([
			['', 'all', 'right', 'streams', 'broken off', 'left', 'failed', 'wrong', 'slowest ms'],
			...instances.map(({ name, tally }) => [
				...[name, countRequests(tally), tally.answered, tally.streamed, tally.brokenOff, tally.left],
				...[tally.failed, tally.wrong, tally.slowestMs],
			]),
		]),
		'',
		'memory in MB and sockets: early, middle, end, idle',
		...table([
			['', 'in RAM, at least', 'heap after collection', 'besides the heap', 'sockets'],
			...instances.map(({ name, memory }) => [name, ...describeMemory(memory)]),
		]),
		boundsText,
		'',
		...places.flatMap(describePlace),
		...describeProblems(problems),
		'',
	].join('\n')
}

function describeMemory(memory: Memory): string[] {
	const all = [memory.early, memory.middle, memory.late, memory.idle]
	return [
		all.map(({ rss }) => inMb(rss)).join(' '),
		all.map(({ heap }) => inMb(heap)).join(' '),
		all.map(({ native }) => inMb(native)).join(' '),
		all.map(({ sockets }) => sockets).join(' '),
	]
}

function describePlace(place: PlaceReport): string[] {
	const { accepted, refused, unknown, slowestMs } = place.changes
	const faults = [...place.faults].map(([name, count]) => `${count} × ${name}`).join(', ')
	return [
		`${place.name}`,
		`  changes: ${accepted} accepted, ${refused} refused, ${unknown} in doubt (${place.landedUnknown} were made); ${place.revisions} revisions; slowest ${slowestMs} ms`,
		`  log: ${place.logged} rows + ${place.dropped} dropped of ${place.sent} requests; ${place.counted} in the hourly sums`,
		`  a change was seen at latest after ${place.seenLate.usual} ms, around faults ${place.seenLate.aroundFaults} ms`,
		`  the database: ${faults || 'no fault'}`,
		'',
	]
}

function describeProblems(problems: Problems): string[] {
	if (problems.count === 0) return ['nothing happened that should not have']
	return [
		`${problems.count} things happened that should not have:`,
		...problems
			.list()
			.flatMap(({ reason, count, example }) => [
				`  ${count} × ${reason}`,
				...(example ? [`      ${example}`] : []),
			]),
	]
}

/** The first column is text, the others are numbers. */
function table(rows: readonly (readonly (string | number)[])[]): string[] {
	const texts = rows.map(row => row.map(String))
	const widths = (texts[0] ?? []).map((_, column) => Math.max(...texts.map(row => row[column]?.length ?? 0)))
	return texts.map(row =>
		row
			.map((cell, column) =>
				column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
			)
			.join('  '),
	)
}
