/** How a model's own count of tokens compares with our estimate. */
export interface Calibration {
	/** Actual tokens per estimated token. */
	factor: number
	/** Answers it was learnt from. */
	samples: number
}

/** Beyond these a count says more about the upstream's bookkeeping than about its vocabulary. */
const leastFactor = 0.5
const greatestFactor = 2

/** Weight of a new answer among many, and the size at which an answer counts half. */
const newestWeight = 0.15
const halfWeightTokens = 1000

/**
 * A moving average over a model's answers. Small requests say little about the vocabulary, since what an upstream
 * adds to each request outweighs their text: they weigh little.
 */
export function calibrate(
	previous: Calibration | undefined,
	estimated: number,
	actual: number,
): Calibration | undefined {
	if (!(estimated > 0) || !(actual > 0)) return previous
	const { factor, samples } = previous ?? { factor: 1, samples: 0 }
	const seen = clamp(actual / estimated)
	const size = estimated / (estimated + halfWeightTokens)
	const weight = size * Math.max(newestWeight, 1 / (samples + 1))
	return { factor: clamp(factor + weight * (seen - factor)), samples: samples + 1 }
}

/** The estimate in the model's own tokens, rounded up: a client that counts too little compacts too late. */
export function applyCalibration(estimated: number, factor: number): number {
	return Math.ceil(estimated * clamp(factor))
}

function clamp(factor: number): number {
	return Number.isFinite(factor) ? Math.min(greatestFactor, Math.max(leastFactor, factor)) : 1
}
