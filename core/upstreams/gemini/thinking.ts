import type { Note } from '../../messages/notes.ts'
import type { CountTokensRequest } from '../../messages/request.ts'
import type { GeminiModel } from './model.ts'
import { isThirdGeneration } from './model.ts'
import type { ThinkingConfig, ThinkingLevel } from './wire.ts'

interface Wish {
	/** `unset`: the client says nothing of thinking, only perhaps of effort. */
	mode: 'unset' | 'off' | 'budget' | 'adaptive'
	budget: number
	effort: string | undefined
}

/**
 * Anthropic's `thinking` and `output_config.effort` as Gemini's thinkingConfig: a budget for 2.5, a level for 3,
 * nothing for older or unknown models. Source: https://ai.google.dev/gemini-api/docs/thinking
 *
 * @param maxOutputTokens thinking counts towards it, so a budget must stay below
 */
export function toThinkingConfig(
	request: Pick<CountTokensRequest, 'thinking' | 'output_config'>,
	model: GeminiModel,
	maxOutputTokens: number,
	notes: Note[],
): ThinkingConfig | undefined {
	const wish = readWish(request)
	if (wish.mode === 'unset' && wish.effort === undefined) return undefined
	if (model.media || model.generation === undefined || model.generation < 2.5) {
		if (wish.mode === 'budget' || wish.mode === 'adaptive') {
			notes.push({ field: 'thinking', action: 'dropped', detail: 'this model is not known to think' })
		}
		return undefined
	}
	const amount = isThirdGeneration(model)
		? toLevel(wish, model, notes)
		: toBudget(wish, model, maxOutputTokens, notes)
	const shown =
		(wish.mode === 'budget' || wish.mode === 'adaptive') && request.thinking?.display !== 'omitted'
	const config = { ...amount, ...(shown && { includeThoughts: true }) }
	return Object.keys(config).length > 0 ? config : undefined
}

function readWish(request: Pick<CountTokensRequest, 'thinking' | 'output_config'>): Wish {
	const { thinking, output_config: output } = request
	const effort = output?.effort ?? undefined
	if (!thinking) return { mode: 'unset', budget: 0, effort }
	if (thinking.type === 'disabled') return { mode: 'off', budget: 0, effort }
	const budget = thinking.type === 'enabled' ? (thinking.budget_tokens ?? 0) : 0
	return { mode: budget > 0 ? 'budget' : 'adaptive', budget, effort }
}

interface BudgetRange {
	min: number
	max: number
	/** Thinking can be turned off. */
	off: boolean
}

const budgetRanges: Readonly<Record<GeminiModel['tier'], BudgetRange>> = {
	pro: { min: 128, max: 32_768, off: false },
	flash: { min: 1, max: 24_576, off: true },
	lite: { min: 512, max: 24_576, off: true },
	other: { min: 128, max: 24_576, off: false },
}

const dynamic = { thinkingBudget: -1 }

function toBudget(wish: Wish, model: GeminiModel, maxOutputTokens: number, notes: Note[]): ThinkingConfig {
	const range = budgetRanges[model.tier]
	if (wish.mode === 'off') {
		if (!range.off) notes.push(cannotTurnOff)
		return { thinkingBudget: range.off ? 0 : range.min }
	}
	if (wish.mode !== 'budget') {
		if (wish.effort === 'low') return { thinkingBudget: clampBudget(2048, range, maxOutputTokens) }
		if (wish.effort === 'xhigh' || wish.effort === 'max') {
			return { thinkingBudget: clampBudget(range.max, range, maxOutputTokens) }
		}
		return wish.mode === 'adaptive' ? dynamic : {}
	}
	const thinkingBudget = clampBudget(wish.budget, range, maxOutputTokens)
	if (thinkingBudget !== wish.budget) {
		const detail = `this model takes ${range.min} to ${range.max} thinking tokens, less than max_tokens`
		notes.push({ field: 'thinking.budget_tokens', action: 'clamped', detail })
	}
	return { thinkingBudget }
}

function clampBudget(budget: number, range: BudgetRange, maxOutputTokens: number): number {
	const below = Math.min(budget, range.max, maxOutputTokens - 1)
	if (below >= range.min) return below
	return range.off && maxOutputTokens <= range.min ? 0 : range.min
}

const cannotTurnOff: Note = {
	field: 'thinking',
	action: 'clamped',
	detail: 'this model cannot turn thinking off; it thinks as little as it can',
}

const levels: readonly ThinkingLevel[] = ['MINIMAL', 'LOW', 'MEDIUM', 'HIGH']

function toLevel(wish: Wish, model: GeminiModel, notes: Note[]): ThinkingConfig {
	const takes = takenLevels(model)
	if (wish.mode === 'off') {
		notes.push(cannotTurnOff)
		return { thinkingLevel: takes[0] as ThinkingLevel }
	}
	const wanted = wish.mode === 'budget' ? levelForBudget(wish.budget) : levelForEffort(wish.effort)
	if (wanted === undefined) return {}
	const from = levels.indexOf(wanted)
	return { thinkingLevel: takes.find(level => levels.indexOf(level) >= from) ?? 'HIGH' }
}

/** Gemini 3 Pro has two levels, 3.1 Pro three, the Flash models up to 3.6 four. */
function takenLevels({ tier, generation = 0 }: GeminiModel): readonly ThinkingLevel[] {
	if (tier === 'pro') return generation < 3.1 ? ['LOW', 'HIGH'] : ['LOW', 'MEDIUM', 'HIGH']
	return tier !== 'other' && generation <= 3.6 ? levels : ['LOW', 'MEDIUM', 'HIGH']
}

function levelForBudget(budget: number): ThinkingLevel {
	if (budget < 4096) return 'LOW'
	return budget < 16_384 ? 'MEDIUM' : 'HIGH'
}

function levelForEffort(effort: string | undefined): ThinkingLevel | undefined {
	if (effort === undefined) return undefined
	if (effort === 'none' || effort === 'minimal') return 'MINIMAL'
	if (effort === 'low') return 'LOW'
	return effort === 'medium' ? 'MEDIUM' : 'HIGH'
}
