namespace Symbolon.Admin;

/// <summary>Under which addresses callers reach the gateway; wired by the host.</summary>
public interface IPublicAddresses
{
    /// <summary>The public origins as they were set, such as <c>https://symbolon.example.com</c>, in that order. Never what a request's Host says.</summary>
    IReadOnlyList<string> Origins { get; }
}
