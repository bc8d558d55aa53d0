namespace Symbolon.EndToEndTests.Crowds;

/// <summary>One caller: its organisation, its number there, and its token.</summary>
internal sealed record CrowdSeat(string Organisation, int Number, string Token)
{
    public string Marker { get; } = Crowds.Marker.Of(Organisation, Number);

    public string Uri => Crowds.Marker.UriOf(Marker);
}
