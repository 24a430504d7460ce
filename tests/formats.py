"""What formats.sh asks of the reports for other programs: formats.py WHAT FILE..., status 1 with a line a fault.

Each is read as its readers do: with the standard's own parser, and strictly.
"""
import html
import html.parser
import json
import re
import sys
import xml.etree.ElementTree

# A script that tries to break out of each format, and what of its texts has to arrive.
EVIL = b'q"a\' <b>&amp; ]]> \x1b[31m \xff\xc0\x80\xed\xa0\x80 \xc3\xa9 | %0A ::error::x \n# SKIP \\ `c` *d* $(e) __f__ </pre></code> [g](h) {j}'
VERDICTS = 'ok conforms noted deviates unsupported unresolved surprise violation'.split()
FAILS = VERDICTS[5:]
faults = []


def wrong(what):
	faults.append(what)


def arrives(control='\ufffd', newline='\n'):
	"""The evil text, as it comes where neither control characters nor ends of lines may stand."""
	text = ''.join('\ufffd' if 0xdc80 <= ord(c) < 0xdd00 else c for c in EVIL.decode('utf-8', 'surrogateescape'))
	return text.replace('\x1b', control).replace('\n', newline)


def evil():
	text = EVIL.replace(b'\\', b'\\\\').replace(b'"', b'\\"').replace(b'\n', b'\\n').replace(b'\x1b', b'\\33')
	script = b'probe bad "' + text + b'"\neach s = "' + text + b'"\nunlink(s)\n    posix: ok "' + text + b'"\n\n'
	script += b'probe unput "' + text + b'"\nunlink("' + text + b'")\nclose(9) = EBADF\n\n'
	script += b'probe odd "' + text + b'"\nfd = open("data", O_RDWR|O_CREAT, 0600)\nwrite(fd, "' + text + b'", 60)\n'
	script += b'preads(fd, 60, 0)\n    posix: ? "' + text + b'"\n    linux freebsd macos: "" "' + text + b'"\n\n'
	script += b'probe left "' + text + b'"\nneed 0 "' + text + b'"\nclose(9) = EBADF\n\n'
	script += b'probe seen "' + text + b'"\nclose(9) = ?\n\nprobe good "' + text + b'"\nclose(9) = EBADF\n'
	sys.stdout.buffer.write(script)


def read(path):
	with open(path, 'rb') as f:
		text = f.read().decode('utf-8')
	for c in text:
		if c != '\n' and (ord(c) < 32 or 127 <= ord(c) < 160 or ord(c) in (0x2028, 0x2029)):
			wrong('%s holds U+%04X' % (path, ord(c)))
			break
	return text


def unique(pairs):
	if len(pairs) != len(dict(pairs)):
		wrong('a key stands twice: %s' % [k for k, v in pairs])
	return dict(pairs)


def refuse(word):
	raise ValueError('%s is no JSON' % word)


def parse(text):
	return json.loads(text, object_pairs_hook=unique, parse_constant=refuse)


def settled(report):
	"""The report without what was seen of a race, which another run need not see."""
	for case in report.get('cases', [report]):
		for step in case.get('steps', []):
			if step['outcome'].get('type') == 'set':
				step['outcome'].update(value='', text='')
	return report


def check_sense(path, report):
	"""What a schema cannot say: the counts are those of the cases, and what decided is there."""
	counts = dict.fromkeys(VERDICTS, 0)
	for case in report['cases']:
		counts[case['verdict']] += 1
		decided = case['decided_by']
		if decided is not None and decided >= len(case['steps']):
			wrong('%s: %s is decided by a step that it lacks' % (path, case['probe']))
		if decided is None and case['verdict'] not in ('ok', 'unsupported'):
			wrong('%s: nothing decides that %s is %s' % (path, case['probe'], case['verdict']))
	if counts != report['totals']['verdicts'] or len(report['cases']) != report['totals']['cases']:
		wrong('%s: the totals are not those of the cases: %s' % (path, report['totals']))


def check_schema(schema, *paths):
	import jsonschema

	with open(schema, encoding='utf-8') as f:
		schema = json.load(f)
	jsonschema.Draft7Validator.check_schema(schema)
	validator = jsonschema.Draft7Validator(schema)
	for path in paths:
		report = parse(read(path))
		for error in list(validator.iter_errors(report))[:5]:
			wrong('%s: %s: %s' % (path, '/'.join(map(str, error.absolute_path)), error.message[:300]))
		check_sense(path, report)


def check_lines(path, document):
	"""The lines of jsonl are the parts of the document, in order."""
	lines = [settled(parse(line)) for line in read(path).splitlines()]
	whole = settled(parse(read(document)))
	first, last = lines[0], lines[-1]
	again = dict(first, cases=lines[1:-1], totals=last['totals'], seconds=whole['seconds'])
	if again != whole or set(first) != {'schema', 'platform'} or set(last) != {'totals', 'seconds'}:
		wrong('%s is not what %s holds' % (path, document))


def check_text(path, text):
	"""Whatever the text for people tells stands in the document, and in the same order."""
	with open(text, encoding='utf-8') as f:
		text = ' '.join(f.read().split())
	at = 0
	for case in settled(parse(read(path)))['cases']:
		said = []
		for step in case['steps']:
			said += [step['text'], step['outcome']['text']]
			for opinion in step['expected']:
				said += [opinion['by'], ' or '.join(opinion['allowed']), opinion['note'] or '']
		said.append(case['verdict'])
		for word in said:
			found = text.find(' '.join(word.split()), at)
			if found < 0:
				wrong('%s: %s: the text does not tell %r' % (path, case['probe'], word))
				return
			at = found


def check_evil_json(path):
	cases = parse(read(path))['cases']
	if [c['verdict'] for c in cases] != ['violation', 'unresolved', 'surprise', 'unsupported', 'noted', 'ok']:
		wrong('%s: other verdicts: %s' % (path, [c['verdict'] for c in cases]))
	text = arrives('\x1b')
	for case in cases:
		if case['title'] != text:
			wrong('%s: the title of %s is %r' % (path, case['probe'], case['title']))
	if cases[0]['steps'][0]['expected'][0]['note'] != text:
		wrong('%s: the note is %r' % (path, cases[0]['steps'][0]['expected'][0]['note']))
	if cases[3]['reason'] != text:
		wrong('%s: the reason is %r' % (path, cases[3]['reason']))
	value = cases[2]['steps'][2]['outcome']['value'].encode('latin-1')
	if value != EVIL[:60]:
		wrong('%s: the bytes are %r' % (path, value))


def names(document):
	"""What the other formats call the cases of the document, and the verdicts."""
	for case in parse(read(document))['cases']:
		yield (' '.join([case['probe'], ', '.join('%s=%s' % p for p in case['parameters'].items())]).strip(), case)


def check_junit(path, document):
	# What XML cannot hold was replaced, so that a control character of a name is one of two things.
	def plain(s):
		return re.sub('[\x00-\x08\x0b-\x1f]', '\ufffd', s)

	wanted = list(names(document))
	root = xml.etree.ElementTree.fromstring(read(path))
	cases = [(suite, case) for suite in root for case in suite.findall('testcase')]
	if [case.get('name') for suite, case in cases] != [plain(name) for name, case in wanted]:
		wrong('%s: the cases are others than those of %s' % (path, document))
		return
	kinds = {'violation': 'failure', 'surprise': 'failure', 'unresolved': 'error', 'unsupported': 'skipped'}
	for (suite, element), (name, case) in zip(cases, wanted):
		if suite.get('name') != plain(case['topic']) or element.get('classname') != 'mmprobe.' + plain(case['topic']):
			wrong('%s: %s is of the topic %s' % (path, name, suite.get('name')))
		found = [e.tag for e in element if e.tag != 'system-out']
		if found != [kinds[v] for v in [case['verdict']] if v in kinds]:
			wrong('%s: %s is %s and has %s' % (path, name, case['verdict'], found))
		elif case['verdict'] in FAILS:
			step = case['steps'][case['decided_by']]
			message = element[0].get('message')
			if 'got ' + plain(step['outcome']['text']) + ', expected ' not in message or plain(step['text']) not in message:
				wrong('%s: %s has the message %s' % (path, name, message))
			if element[0].get('type') != case['verdict']:
				wrong('%s: %s has the type %s' % (path, name, element[0].get('type')))
		elif case['verdict'] == 'unsupported' and element[0].get('message') != plain(case['reason']):
			wrong('%s: %s is skipped because of %r' % (path, name, element[0].get('message')))
	for element in [root] + list(root):
		inside = list(element.iter('testcase'))
		for count, tag in (('tests', None), ('failures', 'failure'), ('errors', 'error'), ('skipped', 'skipped')):
			n = sum(1 for case in inside if not tag or case.find(tag) is not None)
			if int(element.get(count)) != n:
				wrong('%s: %s says %s %s, and has %d' % (path, element.get('name'), element.get(count), count, n))


def decode(text):
	return re.sub('%(0A|0D|25|2C|3A)', lambda m: chr(int(m.group(1), 16)), text)


def check_github(path, document):
	lines = read(path).split('\n')
	wanted = [(name, case) for name, case in names(document) if case['verdict'] in FAILS]
	data = r'(?:[^%\r\n]|%25|%0A|%0D)*'
	line = re.compile(r'::(error|warning) title=((?:[^%\r\n:,]|%25|%0A|%0D|%3A|%2C)+)::(' + data + ')')
	if lines.pop() != '' or not re.fullmatch(r'\d+ cases? of \d+ probes?(: (\d+ [a-z]+(, )?)+)?' + data, lines.pop()):
		wrong('%s does not end with a summary' % path)
	# Ten errors and ten warnings are shown of a step; the others stand in a group. What a reason is given for, stands before the end.
	while lines and lines[-1].startswith('one reason for '):
		lines.pop()
	more = []
	if lines and lines[-1] == '::endgroup::':
		group = next(i for i, text in enumerate(lines) if text.startswith('::group::'))
		more = lines[group + 1:-1]
		if lines[group] != '::group::%d more that are amiss' % len(more) or any(text.startswith('::') for text in more):
			wrong('%s: a group of %d is called %s' % (path, len(more), lines[group]))
		lines = lines[:group]
	shown = [sum(text.startswith('::' + kind) for text in lines) for kind in ('error', 'warning')]
	if len(lines) + len(more) != len(wanted) or max(shown) > 10 or (more and max(shown) < 10):
		wrong('%s has %s annotations and %d lines for %d cases' % (path, shown, len(more), len(wanted)))
	by_title = {re.sub('[\x00-\x08\x0b-\x1f]', '\ufffd', 'mmprobe: %s: %s' % (case['verdict'], name)): (name, case)
		for name, case in wanted}
	titles = [decode(m.group(2)) for m in map(line.fullmatch, lines) if m]
	if len(set(titles)) != len(titles) or any(title not in by_title for title in titles):
		wrong('%s: the annotations are not about the cases: %s' % (path, titles))
		return
	wanted = [by_title[title] for title in titles]
	if [case['verdict'] == 'surprise' for name, case in wanted] != sorted(case['verdict'] == 'surprise' for name, case in wanted):
		wrong('%s: a warning stands before an error' % path)
	for text, (name, case) in zip(lines, wanted):
		m = line.fullmatch(text)
		if not m:
			wrong('%s: this is no annotation: %s' % (path, text))
			continue
		step = case['steps'][case['decided_by']]
		title, message = decode(m.group(2)), decode(m.group(3))
		if m.group(1) != ('warning' if case['verdict'] == 'surprise' else 'error'):
			wrong('%s: %s is a %s' % (path, name, m.group(1)))
		if title != re.sub('[\x00-\x08\x0b-\x1f]', '\ufffd', 'mmprobe: %s: %s' % (case['verdict'], name)):
			wrong('%s: %s has the title %r' % (path, name, title))
		first = step['text'] + ': got ' + step['outcome']['text'] + ', expected '
		if not message.startswith(re.sub('[\x00-\x08\x0b-\x1f]', '\ufffd', first)):
			wrong('%s: %s has the message %r' % (path, name, message))
		if case['title'] and re.sub('[\x00-\x08\x0b-\x1f]', '\ufffd', case['title']) not in message:
			wrong('%s: %s lacks its title: %r' % (path, name, message))


def rows_of(text):
	"""The cells of the tables' rows: what an unescaped '|' separates."""
	for line in text.split('\n'):
		if line.startswith('|'):
			yield [cell.strip() for cell in re.split(r'(?<!\\)\|', line)[1:-1]]


def check_rows(path, rows, document, plain):
	wanted = [(name, case) for name, case in names(document) if case['verdict'] != 'ok']
	found = [row for row in rows if len(row) == 6 and row[0] in VERDICTS]
	if any(len(row) not in (3, 6) for row in rows):
		wrong('%s has rows of other widths: %s' % (path, [row for row in rows if len(row) not in (3, 6)][:1]))
	if [(row[0], plain(row[1])) for row in found] != [(case['verdict'], flat(name)) for name, case in wanted]:
		wrong('%s: the rows are not the cases of %s' % (path, document))
		return
	for row, (name, case) in zip(found, wanted):
		step = case['steps'][case['decided_by']] if case['decided_by'] is not None else None
		if case['verdict'] in FAILS and (plain(row[2]), plain(row[3])) != (flat(step['text']), flat(step['outcome']['text'])):
			wrong('%s: %s is told as %s' % (path, name, row))
		if case['verdict'] == 'unsupported' and plain(row[5]) != flat(case['reason']):
			wrong('%s: %s is unsupported because of %r' % (path, name, row[5]))


def flat(s):
	"""A text in a cell: on one line, without what steers, blanks as a browser shows them."""
	return ' '.join(re.sub('[\x00-\x08\x0b-\x1f]', '\ufffd', s).split())


def check_markdown(path, document):
	text = read(path)
	counts = {case['verdict']: 0 for name, case in names(document)}
	for name, case in names(document):
		counts[case['verdict']] += 1
	rows = list(rows_of(text))
	if {row[0]: int(row[1]) for row in rows if len(row) == 3 and row[0] in VERDICTS} != counts:
		wrong('%s: the counts are not %s' % (path, counts))
	check_rows(path, rows, document, lambda cell: flat(html.unescape(re.sub('</?code>', '', cell))))
	if text.count('<details>') != text.count('</details>') or text.count('<pre>') != text.count('</pre>'):
		wrong('%s: what is opened is not closed' % path)


class Page(html.parser.HTMLParser):
	"""What a browser shows of the page: rows of cells, summaries, details; and which elements it is made of."""

	def __init__(self):
		super().__init__()
		self.rows, self.tags, self.open, self.pre = [], set(), [], []

	def handle_starttag(self, tag, attrs):
		self.tags.add(tag)
		if tag not in ('input', 'br', 'hr', 'img'):
			self.open.append(tag)
		if tag == 'tr':
			self.rows.append([])
		if tag in ('td', 'th'):
			self.rows[-1].append('')
		if tag == 'pre':
			self.pre.append('')

	def handle_endtag(self, tag):
		if not self.open or self.open.pop() != tag:
			wrong('the page closes %s where it is not open' % tag)

	def handle_data(self, data):
		if 'td' in self.open or 'th' in self.open:
			self.rows[-1][-1] += data
		if 'pre' in self.open:
			self.pre[-1] += data


def check_page(path, document):
	"""The Markdown as GitHub's own reader makes a page of it."""
	page = Page()
	page.feed(read(path))
	page.close()
	strange = page.tags - set('h3 p table thead tbody tr th td code details summary pre'.split())
	if strange or page.open:
		wrong('%s: a text became markup: %s' % (path, strange or page.open))
	check_rows(path, page.rows, document, flat)
	steps = sum(1 for name, case in names(document) if case['verdict'] != 'ok' and case['steps'])
	if len(page.pre) != steps:
		wrong('%s tells the steps of %d cases, not %d' % (path, len(page.pre), steps))


def main():
	what, arguments = sys.argv[1], sys.argv[2:]
	if what == 'note':
		sys.stdout.buffer.write(arrives('\x1b', '\\n').encode('utf-8') + b'\n')
		return
	if what == 'evil':
		evil()
		return
	try:
		globals()['check_' + what](*arguments)
	except (ValueError, KeyError, IndexError, TypeError, xml.etree.ElementTree.ParseError) as e:
		wrong('%s: %s: %s' % (arguments[0], type(e).__name__, e))
	for fault in faults[:10]:
		print(fault)
	sys.exit(1 if faults else 0)


main()
