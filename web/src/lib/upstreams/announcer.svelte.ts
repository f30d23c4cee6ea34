/** What screen readers are told: results of tests, and where things go when they are sorted. */
class Announcer {
	text = $state('')

	say(text: string): void {
		// The same sentence again is not read out; with a blank more it is another.
		this.text = text === this.text ? `${text}\u00a0` : text
	}
}

export const announcer = new Announcer()
