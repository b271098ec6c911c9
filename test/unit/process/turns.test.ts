/** One operation at a time for each webhook URL, and giving way to what is more important. */
import { Turns, type Rank } from '../../../nodes/LemlistTrigger/process/turns';

/** Work that ends when told to, and remembers whether it was asked to give way. */
function work(log: string[], name: string) {
	let end: (error?: Error) => void = () => undefined;
	let shouldGiveWay: () => boolean = () => false;
	const run = async (ask: () => boolean) => {
		log.push(`${name} begins`);
		shouldGiveWay = ask;
		await new Promise<void>((resolve, reject) => {
			end = (error) => {
				if (error === undefined) resolve();
				else reject(error);
			};
		});
		log.push(`${name} ends`);
		return name;
	};
	return {
		run,
		end: (error?: Error) => {
			end(error);
		},
		asked: () => shouldGiveWay(),
	};
}

const settle = async () => {
	await new Promise((resolve) => {
		setImmediate(resolve);
	});
};

test('runs operations on one URL one after the other, in the order asked for', async () => {
	const log: string[] = [];
	const turns = new Turns();
	const [one, two] = [work(log, 'one'), work(log, 'two')];
	const first = turns.take('url', 'activate', one.run);
	const second = turns.take('url', 'check', two.run);
	await settle();
	expect(log).toEqual(['one begins']);
	one.end();
	expect(await first).toBe('one');
	await settle();
	two.end();
	expect(await second).toBe('two');
	expect(log).toEqual(['one begins', 'one ends', 'two begins', 'two ends']);
});

test('lets operations on different URLs run side by side', async () => {
	const log: string[] = [];
	const turns = new Turns();
	const [one, two] = [work(log, 'one'), work(log, 'two')];
	const both = [turns.take('a', 'activate', one.run), turns.take('b', 'activate', two.run)];
	await settle();
	expect(log).toEqual(['one begins', 'two begins']);
	one.end();
	two.end();
	await Promise.all(both);
});

test('goes on after an operation that failed, and only its caller hears of it', async () => {
	const log: string[] = [];
	const turns = new Turns();
	const [one, two] = [work(log, 'one'), work(log, 'two')];
	const first = turns.take('url', 'activate', one.run);
	const second = turns.take('url', 'deactivate', two.run);
	await settle();
	one.end(new Error('lemlist is down'));
	await expect(first).rejects.toThrow('lemlist is down');
	await settle();
	two.end();
	expect(await second).toBe('two');
});

test.each<[Rank, Rank, boolean]>([
	['check', 'activate', true],
	['check', 'deactivate', true],
	['activate', 'deactivate', true],
	['activate', 'activate', false],
	['activate', 'check', false],
	['deactivate', 'activate', false],
	['check', 'check', false],
])('%s gives way to a waiting %s: %s', async (running, waiting, isAsked) => {
	const log: string[] = [];
	const turns = new Turns();
	const [one, two] = [work(log, 'one'), work(log, 'two')];
	const first = turns.take('url', running, one.run);
	await settle();
	expect(one.asked()).toBe(false);
	const second = turns.take('url', waiting, two.run);
	await settle();
	expect(one.asked()).toBe(isAsked);
	one.end();
	await first;
	await settle();
	expect(two.asked()).toBe(false);
	two.end();
	await second;
});
