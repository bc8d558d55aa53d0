namespace Symbolon.Admin.Console.AuditPages;

/// <summary>One check, as the records prove it.</summary>
/// <param name="Colour">allowed, refused or waiting.</param>
/// <param name="Detail">What the record holds of it.</param>
public sealed record TraceStep(string Colour, string Said, string? Detail = null);
