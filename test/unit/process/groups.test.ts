/** Many things, so many at a time: each once, in their order. */
import { groupsOf } from '../../../nodes/LemlistTrigger/process/groups';

test.each<[number[], number[][]]>([
	[[], []],
	[[1], [[1]]],
	[[1, 2], [[1, 2]]],
	[
		[1, 2, 3, 4, 5],
		[[1, 2], [3, 4], [5]],
	],
])('%j in twos', (all, groups) => {
	expect(groupsOf(all, 2)).toEqual(groups);
});
