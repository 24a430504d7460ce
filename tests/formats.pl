# formats.pl FILE: reads TAP with the parser of prove, and prints the cases: "ok", "not ok" or "skip", and for those that are
# not ok what the block under them tells. Status 1 where the parser found an error.
use strict;
use warnings;
use TAP::Parser;

my $tap = do { local (@ARGV, $/) = $ARGV[0]; <> };
my $parser = TAP::Parser->new({ tap => $tap });
my ($last, %fails);

binmode STDOUT, ':raw';
sub bytes { my $s = shift // ''; utf8::encode($s) if utf8::is_utf8($s); $s =~ s/\n/\\n/g; return $s }
while (my $line = $parser->next) {
	if ($line->is_test) {
		print "block missing\n" if $last;
		$last = !$line->is_ok;
		printf "%s %d%s\n", $line->is_ok ? $line->has_skip ? 'skip' : 'ok' : 'not ok', $line->number,
		    $line->has_skip ? ' ' . bytes($line->explanation) : '';
	} elsif ($line->is_yaml) {
		my $data = $line->data;
		$last = 0;
		for my $key (qw(verdict message step got expected)) {
			print "no $key\n" unless defined $data->{$key} && length $data->{$key};
		}
		printf "  %s %s\n", $_, bytes($data->{$_}) for sort keys %$data;
	} elsif ($line->is_unknown) {
		printf "no TAP: %s\n", bytes($line->raw);
	}
}
print "block missing\n" if $last;
print "error: $_\n" for $parser->parse_errors;
exit(($parser->parse_errors || !$parser->is_good_plan) ? 1 : 0);
