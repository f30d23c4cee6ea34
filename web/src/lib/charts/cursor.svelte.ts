/** The moment that is looked at: all charts of a page show it. */
export class ChartCursor {
	/** Epoch ms. */
	at: number | undefined = $state()
}
