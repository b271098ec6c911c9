// Every event has a button, which sends it and shows the answer.
import { editor, EVENTS, listen, news, page, receiver, show, useSandboxPage } from './stage';

useSandboxPage();

beforeAll(async () => {
	await show();
});

afterAll(() => page.close());

test.each(EVENTS)(
	'$label, under $group, is sent, and the answer is shown',
	async ({ group, label, type }) => {
		listen({ type });
		await page
			.getByRole('group', { name: group, exact: true })
			.getByRole('button', { name: label, exact: true })
			.click();
		await news(`${label}: 200 in`).waitFor();
		expect(receiver.bodies).toMatchObject([{ type, secret: 'kept' }]);
		const { secret: _, ...activity } = receiver.bodies[0] ?? {};
		expect(JSON.parse(await editor().inputValue())).toEqual(activity);
	},
);
