/** The order of the test files: what takes longest begins first, so that it is not alone at the end. */
const Sequencer = require('@jest/test-sequencer').default;

const LONGEST = [
	'modelPlanted.test.ts',
	'n8n-missed-crowds.test.ts',
	'n8n-lookUp.test.ts',
	'slowInRealTime.test.ts',
	'once.test.ts',
	'question.test.ts',
];

module.exports = class LongestFirst extends Sequencer {
	sort(tests) {
		const rankOf = ({ path }) => {
			const rank = LONGEST.findIndex((name) => path.endsWith(name));
			return rank < 0 ? LONGEST.length : rank;
		};
		return [...super.sort(tests)].sort((one, other) => rankOf(one) - rankOf(other));
	}
};
