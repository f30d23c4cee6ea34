import type { Lesson, OutgoingRequest, UpstreamFailure } from '../contract.ts'
import { type Complaint, readComplaint } from './complaint.ts'
import { readSentBody } from './sent-body.ts'

/** What was sent, as JSON. */
export type SentJson = Record<string, unknown>

/** Reads one kind of complaint; no lessons when it is none of its kind. */
export type LearnRule = (complaint: Complaint, body: SentJson) => Lesson[]

/** What a refusal teaches: the first rule that recognises it decides. Nothing, when what was sent is no JSON object. */
export function learnByRules(
	rules: readonly LearnRule[],
	failure: UpstreamFailure,
	sent: OutgoingRequest,
): Lesson[] {
	const body = readSentBody(sent)
	if (!body) return []
	const complaint = readComplaint(failure)
	for (const rule of rules) {
		const lessons = rule(complaint, body)
		if (lessons.length > 0) return lessons
	}
	return []
}
