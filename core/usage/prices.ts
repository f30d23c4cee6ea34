/** US dollars per million tokens. */
export interface Price {
	input: number
	output: number
	/** Absent: what is read from a cache costs as much as other input. */
	cacheRead?: number
	/** Absent: what is written to a cache costs as much as other input. */
	cacheWrite?: number
}

export interface ListedPrice extends Price {
	/** Upstream's model: a name, or a glob such as `gpt-5-mini*`, in lower case. The first that fits counts. */
	model: string
	/** Where the vendor publishes it, and when it was put down. */
	source: string
	checked: string
	/** Set where the vendor asks for more in some cases (long requests, peak hours): this is the least. */
	varies?: string
}
