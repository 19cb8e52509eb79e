using System.Runtime.CompilerServices;
using System.Text;
using Bridle.Messages;
using Bridle.Tools.Web;
using Bridle.Workspaces;

namespace Bridle.Tools.Tests.Web;

/// <summary>Pages as the engines send them, with the parts that a reader must not fall for: advertisements, redirections, repetitions.</summary>
public sealed class ResultPageSearchTests
{
    [Theory]
    [InlineData("duckduckgo", "https://html.duckduckgo.com/html/?q=horse%20%26%20bridle",
        "1. Bridle - The Free Horse Encyclopedia\n   https://en.example.org/wiki/Bridle?a=1&b=%C3%A4\n   A bridle is a piece of equipment used to direct a horse.\n2. How to fit one\n   https://direct.example.com/fitting")]
    [InlineData("bing", "https://www.bing.com/search?q=horse%20%26%20bridle",
        "1. Bridle - The Free Encyclopedia\n   https://en.example.org/wiki/Bridle?a=1&b=??>\n   A bridle is a piece of equipment.\n2. How to fit one\n   https://direct.example.com/fitting")]
    public async Task The_hits_of_a_page_are_listed_without_advertisements_and_redirections(string engine, string asked, string listed)
    {
        var network = new PagesNetwork(await PageAsync(engine));
        await using var ground = new Playground { Network = network };
        var result = await new WebSearchTool(ResultPageSearch.Named(engine)).RunAsync(ground.Scope, "horse & bridle");
        Assert.Equal(asked, network.Asked!.AbsoluteUri);
        Assert.EndsWith("]\n" + listed.Replace("&b=??>", "&b=??%3E", StringComparison.Ordinal), result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_more_hits_are_given_than_were_asked_for()
    {
        await using var ground = new Playground { Network = new PagesNetwork(await PageAsync("bing")) };
        Assert.DoesNotContain("2. ", (await new WebSearchTool(ResultPageSearch.Named("bing")).RunAsync(ground.Scope, "x", 1)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("duckduckgo", "<div class=\"anomaly-modal__modal\"><div class=\"anomaly-modal__title\">Unfortunately, bots use DuckDuckGo too.</div></div>", 202, "asks whether a person is there")]
    [InlineData("duckduckgo", "<html></html>", 403, "asks whether a person is there")]
    [InlineData("bing", "<div class=\"captcha\"><h2>One last step</h2></div>", 200, "asks whether a person is there")]
    [InlineData("bing", "<html></html>", 404, "HTTP 404")]
    [InlineData("bing", "<html><div>a new look</div></html>", 200, "does not look as it used to")]
    public async Task A_page_without_hits_says_why(string engine, string page, int status, string expected)
    {
        await using var ground = new Playground { Network = new PagesNetwork(page, status: status) };
        Assert.Contains(expected, await Playground.Failure(new WebSearchTool(ResultPageSearch.Named(engine)).RunAsync(ground.Scope, "x")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("duckduckgo", "<div class=\"result results_links result--no-result\"><div class=\"no-results\">No results found for <b>x</b></div></div>")]
    [InlineData("bing", "<ol id=\"b_results\"><li class=\"b_no\"><h1>There are no results for x</h1></li></ol>")]
    public async Task Nothing_found_is_no_failure(string engine, string page)
    {
        await using var ground = new Playground { Network = new PagesNetwork(page) };
        Assert.Equal("Nothing was found for x.", (await new WebSearchTool(ResultPageSearch.Named(engine)).RunAsync(ground.Scope, "x")).Text);
    }

    [Fact]
    public async Task What_may_pass_is_tried_once_more_and_then_the_next_engine_is_asked()
    {
        var network = new Engines(await PageAsync("bing")) { FailuresOfBing = 1 };
        await using var ground = new Playground { Network = network };
        var search = new WebSearchTool(ResultPageSearch.FirstOf([("duckduckgo", ResultPageSearch.Named("duckduckgo")!), ("bing", ResultPageSearch.Named("bing")!)]));
        Assert.Contains("1. Bridle", (await search.RunAsync(ground.Scope, "x")).Text, StringComparison.Ordinal);
        Assert.Equal(["html.duckduckgo.com", "html.duckduckgo.com", "www.bing.com", "www.bing.com"], network.Hosts);

        network.FailuresOfBing = 100;
        var failure = await Playground.Failure(search.RunAsync(ground.Scope, "x"));
        Assert.Contains("duckduckgo: no route", failure, StringComparison.Ordinal);
        Assert.Contains("bing: www.bing.com answered HTTP 503.", failure, StringComparison.Ordinal);
        Assert.Contains("Try other words", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_engines_that_are_there_have_a_name()
    {
        Assert.Equal(["duckduckgo", "bing"], ResultPageSearch.Names);
        Assert.Null(ResultPageSearch.Named("altavista"));
    }

    private static Task<string> PageAsync(string engine, [CallerFilePath] string source = "") =>
        File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(source)!, "Pages", $"{engine}.html"), TestContext.Current.CancellationToken);

    // DuckDuckGo cannot be reached; Bing has an error so often.
    private sealed class Engines(string page) : INetwork
    {
        public List<string> Hosts { get; } = [];

        public int FailuresOfBing { get; set; }

        public Task<FetchedPage> FetchAsync(Uri address, FetchLimits limits, CancellationToken cancellationToken)
        {
            Hosts.Add(address.Host);
            return address.Host.Contains("duckduckgo", StringComparison.Ordinal) ? throw new ToolException("no route")
                : Task.FromResult(new FetchedPage(address, FailuresOfBing-- > 0 ? 503 : 200, "text/html", null, Encoding.UTF8.GetBytes(page), false));
        }
    }
}
