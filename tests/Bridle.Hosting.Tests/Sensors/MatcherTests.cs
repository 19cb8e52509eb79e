using Bridle.Events;
using Bridle.Hosting.Sensors;
using Bridle.Sensors;

namespace Bridle.Hosting.Tests.Sensors;

/// <summary>What real tools print, as they printed it, and what is taken from it.</summary>
public sealed class MatcherTests
{
    private static string Read(string matcher, string output, bool ended = true) =>
        string.Join('\n', Matchers.Find(matcher)!.Read(output, "/ws", ended ? SignalSeverity.Warn : SignalSeverity.Block).Select(SignalText.Of));

    [Fact]
    public void MsBuild_says_each_thing_twice_with_the_project_behind_it() => Assert.Equal(
        """
        app/Program.cs:2:25: error CS1002: ; expected
        app/Program.cs:1:5: warning CS0219: The variable 'x' is assigned but its value is never used
        error MSB1003: Specify a project or solution file. The current working directory does not contain a project or solution file.
        app/app.csproj: error NU1101: Unable to find package Nothing.Here. No packages exist with this id in source(s): nuget.org
        """,
        Read("$msbuild", """
            /ws/app/Program.cs(2,25): error CS1002: ; expected [/ws/app/app.csproj]
            /ws/app/Program.cs(1,5): warning CS0219: The variable 'x' is assigned but its value is never used [/ws/app/app.csproj]

            Build FAILED.

            /ws/app/Program.cs(2,25): error CS1002: ; expected [/ws/app/app.csproj]
            MSBUILD : error MSB1003: Specify a project or solution file. The current working directory does not contain a project or solution file.
            /ws/app/app.csproj : error NU1101: Unable to find package Nothing.Here. No packages exist with this id in source(s): nuget.org
                1 Warning(s)
                1 Error(s)
            """));

    [Fact]
    public void Unittest_says_where_in_its_tracebacks() => Assert.Equal(
        """
        calc.py:4: error: ERROR: test_b (test_a.T.test_b): KeyError: 1
        tests/test_a.py:17: error: ERROR: test_d (test_a.T.test_d): ValueError: chained
        tests/test_bad.py:1: error: ERROR: test_bad (unittest.loader._FailedTest.test_bad): ModuleNotFoundError: No module named 'nothing'
        tests/test_a.py:6: error: FAIL: test_a (test_a.T.test_a): AssertionError: Lists differ: [1] != [2]
        tests/test_a.py:12: error: FAIL: test_c (test_a.T.test_c) (i=2): AssertionError: 2 != 1
        """,
        Read("$unittest", """
            ======================================================================
            ERROR: test_b (test_a.T.test_b)
            ----------------------------------------------------------------------
            Traceback (most recent call last):
              File "/ws/tests/test_a.py", line 8, in test_b
                f(1)
              File "/ws/calc.py", line 4, in g
                return {}[x]
                       ~~^^^
              File "/ws/.venv/lib/python3.11/site-packages/left/pad.py", line 70, in pad
                raise KeyError(x)
            KeyError: 1

            ======================================================================
            ERROR: test_d (test_a.T.test_d)
            ----------------------------------------------------------------------
            Traceback (most recent call last):
              File "/ws/tests/test_a.py", line 15, in test_d
                f(1)
            KeyError: 1

            The above exception was the direct cause of the following exception:

            Traceback (most recent call last):
              File "/ws/tests/test_a.py", line 17, in test_d
                raise ValueError("chained") from e
            ValueError: chained

            ======================================================================
            ERROR: test_bad (unittest.loader._FailedTest.test_bad)
            ----------------------------------------------------------------------
            ImportError: Failed to import test module: test_bad
            Traceback (most recent call last):
              File "/usr/lib/python3.11/unittest/loader.py", line 419, in _find_test_path
                module = self._get_module_from_name(name)
              File "/ws/tests/test_bad.py", line 1, in <module>
                import nothing
            ModuleNotFoundError: No module named 'nothing'


            ======================================================================
            FAIL: test_a (test_a.T.test_a)
            It says something.
            ----------------------------------------------------------------------
            Traceback (most recent call last):
              File "/ws/tests/test_a.py", line 6, in test_a
                self.assertEqual([1], [2])
            AssertionError: Lists differ: [1] != [2]

            First differing element 0:
            1
            2

            - [1]
            + [2]

            ======================================================================
            FAIL: test_c (test_a.T.test_c) (i=2)
            ----------------------------------------------------------------------
            Traceback (most recent call last):
              File "/ws/tests/test_a.py", line 12, in test_c
                self.assertEqual(i, 1)
            AssertionError: 2 != 1

            ----------------------------------------------------------------------
            Ran 5 tests in 0.049s

            FAILED (failures=2, errors=3)
            """, ended: false));

    [Fact]
    public void Tsc_has_two_forms() => Assert.Equal(
        "src/a.ts:1:7: error TS2322: Type 'string' is not assignable to type 'number'.\nsrc/b.ts:4:5: error TS2304: Cannot find name 'x'.",
        Read("$tsc", "src/a.ts(1,7): error TS2322: Type 'string' is not assignable to type 'number'.\nsrc/b.ts:4:5 - error TS2304: Cannot find name 'x'.\n\n4     x\n      ~\n\nFound 2 errors.\n"));

    [Fact]
    public void Eslint_names_the_file_above_its_lines() => Assert.Equal(
        """
        a.js:1:7: error no-unused-vars: 'x' is assigned a value but never used
        a.js:3:1: warning no-console: Unexpected console statement
        src/b.js:9:3: error: Parsing error: Unexpected token
        """,
        Read("$eslint", """

            /ws/a.js
              1:7  error    'x' is assigned a value but never used  no-unused-vars
              3:1  warning  Unexpected console statement            no-console

            /ws/src/b.js
              9:3  error  Parsing error: Unexpected token

            ✖ 3 problems (2 errors, 1 warning)

            """));

    [Fact]
    public void Rustc_names_the_place_below() => Assert.Equal(
        "src/main.rs:2:13: error E0425: cannot find value `totl` in this scope\nsrc/main.rs:1:5: warning: unused variable: `y`",
        Read("$rustc", """
            error[E0425]: cannot find value `totl` in this scope
             --> src/main.rs:2:13
              |
            2 |     let x = totl;
              |             ^^^^ not found in this scope

            warning: unused variable: `y`
              --> src/main.rs:1:5
               |
            error: could not compile `app` (bin "app") due to 1 previous error
            """));

    [Theory]
    [InlineData("$gcc", "a.c:3:5: error: expected ';' before 'return'\na.c:1:9: warning: unused variable 'x' [-Wunused-variable]", "a.c:3:5: error: expected ';' before 'return'\na.c:1:9: warning -Wunused-variable: unused variable 'x'")]
    [InlineData("$go", "# app\n./main.go:4:2: undefined: fmt.Printn\nvet: ./b.go:1:1: expected 'package'", "main.go:4:2: warning: undefined: fmt.Printn\nb.go:1:1: warning: expected 'package'")]
    [InlineData("$ruff", "a.py:1:8: F401 [*] `os` imported but unused\nFound 1 error.\n[*] 1 fixable with the `--fix` option.", "a.py:1:8: warning F401: `os` imported but unused")]
    [InlineData("$mypy", "a.py:3: error: Incompatible return value type (got \"str\", expected \"int\")  [return-value]\nFound 1 error in 1 file", "a.py:3: error return-value: Incompatible return value type (got \"str\", expected \"int\")")]
    [InlineData("$pytest", "/ws/test_a.py:2: AssertionError: assert 1 == 2\nFAILED test_a.py::test_one - assert 1 == 2\n1 failed in 0.01s", "test_a.py:2: warning: AssertionError: assert 1 == 2\ntest_a.py: warning test_one: assert 1 == 2")]
    [InlineData("$generic", "x/y.txt:7:2: error E12: bad\nx/y.txt:8: Warning: so so\nnothing here", "x/y.txt:7:2: error E12: bad\nx/y.txt:8: warning: so so")]
    [InlineData("$cargo-short", "src/main.rs:2:5: error[E0425]: cannot find value `x` in this scope", "src/main.rs:2:5: error E0425: cannot find value `x` in this scope")]
    [InlineData("^(?<severity>\\w+) at (?<file>\\S+) (?<line>\\d+): (?<message>.*)$", "ERROR at q.sql 4: no such table", "q.sql:4: error: no such table")]
    public void One_line_says_it_all(string matcher, string output, string signals) => Assert.Equal(signals, Read(matcher, output));

    [Fact]
    public void What_does_not_say_how_grave_it_is_is_grave_where_the_program_failed() =>
        Assert.Equal("main.go:4:2: error: undefined: x", Read("$go", "./main.go:4:2: undefined: x", ended: false));

    [Theory]
    [InlineData("dotnet test --no-restore", "$msbuild")]
    [InlineData("cd web && node_modules/.bin/eslint .", "$eslint")]
    [InlineData("cargo check", "$rustc")]
    [InlineData("./check.sh", "$generic")]
    public void A_command_that_names_no_matcher_has_the_one_that_fits(string command, string matcher) => Assert.Equal(matcher, Matchers.For(command));

    [Theory]
    [InlineData("$msbild", "there is no matcher")]
    [InlineData("(", "cannot be read")]
    [InlineData("^(.*)$", "no group named 'message'")]
    public void A_matcher_that_cannot_be_used_is_said(string matcher, string problem) => Assert.Contains(problem, Matchers.WhyNot(matcher), StringComparison.Ordinal);

    [Fact]
    public void Every_named_matcher_can_be_used() => Assert.All(Matchers.Names, name => Assert.Null(Matchers.WhyNot(name)));

    [Fact]
    public void A_pattern_that_is_too_slow_for_a_line_passes_it_over()
    {
        var signals = Matchers.Find("^(?<message>(a+)+)$")!.Read(new string('a', 40) + "!\naaa", "/ws", SignalSeverity.Warn);
        Assert.Equal("aaa", Assert.Single(signals).Message);
    }

    [Fact]
    public void Json_lines_bring_fixes_along()
    {
        var found = JsonSignals.Read("""
            noise
            {"severity":"error","message":"bad","file":"/ws/a.txt","line":2,"advice":"do","fix":{"replace":"good\n"}}
            {"message":"patched","fix":{"patch":"--- a\n+++ a\n"}}
            {"message":"run","fix":{"command":"gofmt -w a.go"}}
            {"no":"message"}
            {broken
            """, "/ws", SignalSeverity.Warn);
        Assert.Equal(["a.txt:2: error: bad", "warning: patched", "warning: run"], found.Select(finding => SignalText.Of(finding.Signal)));
        Assert.Equal([new ReplaceFileFix("a.txt", "good\n"), new PatchFix("--- a\n+++ a\n"), new CommandFix("gofmt -w a.go", Trusted: false)], found.Select(finding => finding.Fix));
    }
}
