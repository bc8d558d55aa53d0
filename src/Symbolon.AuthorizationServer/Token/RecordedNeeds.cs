using Symbolon.AuthorizationServer.Entry;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;

namespace Symbolon.AuthorizationServer.Token;

/// <summary>What the record of an exchange may hold of what it was about: of a sensitive tool no value of its arguments, whatever its file or the server says.</summary>
internal static class RecordedNeeds
{
    private const int MostAsked = 512;

    /// <summary>Whether the record has what the tool needs for any call instead of for this one. Also where the tool is there no more, so that nobody knows what it was.</summary>
    public static bool AreUnbound(ServerObject server, ToolName tool) => Find(server, tool)?.Flags.HasFlag(ToolFlags.Sensitive) != false;

    /// <summary>Notes what the call allows and what of it is asked for, whatever comes of it.</summary>
    public static void Note(ClientRequest request, ServerObject server, DownstreamToken subject)
    {
        if (subject.Tool is not { } tool || subject.Server != server.Name) return;
        var isUnbound = AreUnbound(server, tool);
        request.Facts.Allowed = !isUnbound ? subject.Details?.ToString() : Find(server, tool) is { } known ? ToolNeeds.Union([known]).ToString() : null;
        if (isUnbound || (request.Form[OAuthParameter.Scope] ?? request.Form[OAuthParameter.AuthorizationDetails]) is not { } asked) return;
        var text = string.Concat(asked.Take(MostAsked).Select(letter => letter is >= ' ' and <= '~' ? letter : '?'));
        request.Facts.Asked = asked.Length > MostAsked ? text + " ..." : text;
    }

    private static ManifestTool? Find(ServerObject server, ToolName tool) => server.Approved?.Manifest.Tools.FirstOrDefault(each => each.Name == tool);
}
