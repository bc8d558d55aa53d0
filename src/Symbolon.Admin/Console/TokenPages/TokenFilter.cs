using System.Globalization;
using Microsoft.AspNetCore.Http;
using Symbolon.Admin.Console.Layout;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.TokenPages;

/// <summary>What the address of the list asks for. A value that means nothing is as if it were not there: a page is no API.</summary>
public sealed record TokenFilter
{
    public const int AtOnce = 50;
    private const int MostText = 254;

    /// <summary>An id, an e-mail address, or the name of a server, an agent or a workflow.</summary>
    public string? Text { get; init; }

    /// <summary>Also what is expired or revoked.</summary>
    public bool Ended { get; init; }

    /// <summary>The last one of the page before.</summary>
    public string? After { get; init; }

    public bool IsPlain => Text is null && !Ended;

    internal static TokenFilter Read(IQueryCollection query) => new()
    {
        Text = query["q"].ToString().Trim() is { Length: > 0 and <= MostText } text && !text.Contains('\0') ? text : null,
        Ended = query["state"] == "all",
        After = TokenId.IsValid(query["after"].ToString()) ? query["after"].ToString() : null,
    };

    /// <summary>The address of the page behind this one.</summary>
    internal string Next(string last) => Addresses.Of("/tokens", ("q", Text), ("state", Ended ? "all" : null), ("after", last));

    /// <param name="now">Microseconds.</param>
    internal TokenQuery ToQuery(Configuration configuration, OrganisationId organisation, long now)
    {
        var live = Ended ? (long?)null : now;
        if (Text is not { } text) return new TokenQuery { LiveAt = live };
        if (UserEmail.TryParse(text, out var user)) return new TokenQuery { User = user.Value, LiveAt = live };
        var name = text.ToLower(CultureInfo.InvariantCulture);
        return ServerName.IsValid(name) && configuration.Server(organisation, new ServerName(name)) is not null ? new TokenQuery { Server = name, LiveAt = live }
            : ObjectName.IsValid(name) && configuration.Workflow(organisation, new WorkflowName(name)) is not null ? new TokenQuery { Workflow = name, LiveAt = live }
            : new TokenQuery { Agent = name, LiveAt = live };
    }
}
