import type { ChangeMeta, Restored } from '../../../db/index.ts'
import type { CommandCall, CommandResult } from '../../command.ts'
import { countChanges, describeChanges } from '../../describe-change.ts'
import { commandLine, describeLack } from '../../next-step.ts'
import { describeWarning } from '../../notes.ts'
import { confirmOrRefuse, readRevisionNumber, refuseMore } from './words.ts'

const usage = 'history restore <revision>'

/** Shows what a restore would change, asks, and makes exactly that: then a change in between is a conflict. */
export async function restoreRevision(call: CommandCall, words: readonly string[]): Promise<CommandResult> {
	const [word, ...rest] = words
	const number = readRevisionNumber(word, usage)
	refuseMore(rest, usage)
	const { repository, read } = await call.openSession()
	const meta: ChangeMeta = { author: 'cli' }
	if (!call.options.has('yes') || call.options.has('dry-run')) {
		const { revision } = await read()
		const review = await repository.restoreRevision(number, meta, { dryRun: true })
		if (review.changes.length === 0 || call.options.has('dry-run')) return reportReview(call, number, review)
		await confirmOrRefuse(call, {
			lines: [
				call.texts.say(`restoring revision ${number} changes: ${countChanges(review.changes, call.texts)}`),
				...describeReview(call, review),
			],
			question: `Restore revision ${number}?`,
			unchanged: 'nothing was restored',
		})
		meta.expectedRevision = revision
	}
	const restored = await repository.restoreRevision(number, meta)
	if (restored.revision === undefined) return reportReview(call, number, restored)
	const undo = commandLine(call, 'history', 'restore', String(restored.revision - 1))
	const { say } = call.texts
	const counted = countChanges(restored.changes, call.texts)
	return {
		data: toData(number, restored),
		lines: [
			call.style.good(say(`restored revision ${number} as revision ${restored.revision}: ${counted}`)),
			...describeReview(call, restored),
			...describeLack(call, await read()),
			say(`undo: ${undo}`),
		],
	}
}

function reportReview(call: CommandCall, number: number, review: Restored): CommandResult {
	const title =
		review.changes.length === 0
			? `revision ${number} is what the configuration is now`
			: `restoring revision ${number} would change: ${countChanges(review.changes, call.texts)}`
	return { data: toData(number, review), lines: [call.texts.say(title), ...describeReview(call, review)] }
}

function toData(number: number, { changes, warnings, revision }: Restored) {
	return { restoredFrom: number, revision: revision ?? null, changes, warnings }
}

function describeReview(call: CommandCall, { changes, warnings }: Restored): string[] {
	return [...describeChanges(changes, call), ...warnings.map(warning => describeWarning(call, warning))]
}
