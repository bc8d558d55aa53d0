using System.CommandLine;
using Symbolon.Admin.Apply;
using Symbolon.Cli.Invocation;

namespace Symbolon.Cli.Commands;

/// <summary>Where files come from: said by options, else by the variables that CI sets.</summary>
internal static class CommitOption
{
    public static Option<string?> Commit() => new("--commit") { Description = "The commit of the files, for reviewers and the history; default: GITHUB_SHA or CI_COMMIT_SHA", HelpName = "NAME" };

    public static Option<string?> Author() => new("--author") { Description = "Who wrote it; default: GITHUB_ACTOR or CI_COMMIT_AUTHOR", HelpName = "WHO" };

    public static SourceRequest? Read(CommandRun run, Option<string?> commit, Option<string?> author)
    {
        var source = new SourceRequest { Commit = run.Value(commit) ?? Variable("GITHUB_SHA", "CI_COMMIT_SHA"), Author = run.Value(author) ?? Variable("GITHUB_ACTOR", "CI_COMMIT_AUTHOR") };
        return source is { Commit: null, Author: null } ? null : source;

        string? Variable(params string[] names) => names.Select(run.Outside.Variable).FirstOrDefault(value => value is { Length: > 0 });
    }
}
