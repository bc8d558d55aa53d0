using Symbolon.Admin.Sources;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy.Rules;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Cli.Commands;

/// <summary>One policy of files, with what is wrong with its rules and how its tests go.</summary>
/// <param name="Errors">Rules that do not fit the tools that they are about.</param>
/// <param name="Absent">Servers that it names and that no file describes: what it says of them is checked when it is applied.</param>
/// <param name="Tests">Empty where there is an error.</param>
internal sealed record CheckedPolicy(SourceDocument Source, PolicyObject Policy, IReadOnlyList<SourceError> Errors, IReadOnlyList<string> Absent, IReadOnlyList<CheckedTest> Tests);

/// <param name="Result"><c>passed</c>, <c>failed</c>, or <c>not run</c>: no file describes its server.</param>
/// <param name="Said">The call, what was expected and what came.</param>
internal sealed record CheckedTest(int Number, string Result, string Said, SourceError At);

/// <summary>Holds the policies of files to the servers of the same files: all that can be said of them without a server.</summary>
internal static class PolicyFiles
{
    private const string OfRules = "spec.rules[";

    public static IReadOnlyList<CheckedPolicy> Check(IReadOnlyList<SourceDocument> documents)
    {
        var read = documents.Select(source => (Source: source, DocumentReader.Read(source.Json).Document)).ToList();
        var servers = read.Select(each => each.Document).OfType<Document.Server>().Select(server => (server.Name, server.Manifest)).ToList();
        return [.. read.Where(each => each.Document is Document.Policy).Select(each => Check(each.Source, ((Document.Policy)each.Document!).Object, servers))];
    }

    private static CheckedPolicy Check(SourceDocument source, PolicyObject policy, List<(ServerName Name, ServerManifest Manifest)> servers)
    {
        var absent = policy.Rules.SelectMany(rule => rule.Servers).Where(name => name != PolicyRule.Any).Concat(policy.Tests.Select(test => test.Server))
            .Distinct(StringComparer.Ordinal).Where(IsAbsent).Order(StringComparer.Ordinal).ToList();
        var errors = PolicyCheck.In(policy, servers, "").Where(fault => fault.Path.StartsWith(OfRules, StringComparison.Ordinal) && !IsOfAbsent(policy, fault))
            .Select(fault => source.Error(fault.Path, fault.Message)).ToList();
        return new CheckedPolicy(source, policy, errors, absent, errors.Count > 0 ? [] : [.. PolicyTests.Run(policy, servers).Select(Checked)]);

        bool IsAbsent(string name) => !servers.Exists(server => server.Name.Value == name);

        CheckedTest Checked(PolicyTestResult result)
        {
            var missing = IsAbsent(policy.Tests[result.Index].Server);
            var said = missing ? $"no file describes the server {policy.Tests[result.Index].Server}" : result.Text;
            return new CheckedTest(result.Index + 1, missing ? "not run" : result.IsPassed ? "passed" : "failed", said, source.Error($"spec.tests[{result.Index}]", $"The test fails: {said}"));
        }
    }

    /// <summary>That a server is not there says nothing where its file may be elsewhere.</summary>
    private static bool IsOfAbsent(PolicyObject policy, FieldError fault) => fault.Code == FieldErrorCode.UnknownReference
        && Enumerable.Range(0, policy.Rules.Length).Any(i => fault.Path.StartsWith($"spec.rules[{i}].servers[", StringComparison.Ordinal));
}
